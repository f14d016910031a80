// `map`, `set` and `hash` of ankerl::unordered_dense as mediasoup's worker uses them, over the standard library.
//
// The standard containers promise more (stable references, erase leaves other iterators alone), so code written for the
// dense ones is right over them too. Their own hash of an integer is the identity; ours mixes the bits, as the worker
// combines these hashes into keys of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
	template<typename T, typename = void>
	struct hash : std::hash<T>
	{
	};

	// Stafford's "Mix13" finaliser (as in SplitMix64).
	inline constexpr uint64_t mix(uint64_t value) noexcept
	{
		value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
		value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;

		return value ^ (value >> 31);
	}

	template<typename T>
	struct hash<T, std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>>>
	{
		uint64_t operator()(T value) const noexcept
		{
			return mix(static_cast<uint64_t>(value));
		}
	};

	template<typename T>
	struct hash<T*>
	{
		uint64_t operator()(T* pointer) const noexcept
		{
			return mix(reinterpret_cast<uintptr_t>(pointer));
		}
	};

	template<typename Key, typename Value, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using map = std::unordered_map<Key, Value, Hash, Equal>;

	template<typename Key, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense

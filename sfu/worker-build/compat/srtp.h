// The calls of libsrtp 3 that mediasoup's worker makes, over libsrtp 2, which is what distributions carry.
//
// libsrtp 3 hides its policy behind a handle and takes input and output apart; libsrtp 2 shows the struct and works in
// place. So: the handle owns a libsrtp 2 policy with its key, and every call copies the input to the output first
// (nothing to copy where the caller already works in place).
#pragma once

// Both libraries call their policy `srtp_policy_t`; the C functions are not affected by the name.
#define srtp_policy_t varta_srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <openssl/crypto.h>

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

// Status codes that libsrtp 2 does not have yet, with libsrtp 3's values.
inline constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

struct varta_srtp_policy
{
	varta_srtp2_policy_t inner{};
	// Key followed by salt, as libsrtp 2 wants them.
	unsigned char master[SRTP_MAX_KEY_LEN]{};

	~varta_srtp_policy()
	{
		OPENSSL_cleanse(master, sizeof(master));
	}
};

using srtp_policy_t = varta_srtp_policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) varta_srtp_policy();

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->inner.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	const srtp_err_status_t status =
	  srtp_crypto_policy_set_from_profile_for_rtp(&policy->inner.rtp, profile);

	return status == srtp_err_status_ok
	         ? srtp_crypto_policy_set_from_profile_for_rtcp(&policy->inner.rtcp, profile)
	         : status;
}

// Master key identifiers are not offered by the worker, so they are refused rather than half supported.
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* mki,
  size_t mkiLen)
{
	if (mki != nullptr || mkiLen != 0 || policy->inner.key != nullptr || keyLen > sizeof(policy->master) ||
	    saltLen > sizeof(policy->master) - keyLen)
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->master, key, keyLen);
	std::memcpy(policy->master + keyLen, salt, saltLen);
	policy->inner.key = policy->master;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->inner.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t packets)
{
	policy->inner.window_size = packets;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	return srtp_create(session, &policy->inner);
}

// `ssrc` in network byte order, in both libraries.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

namespace varta_srtp
{
	using InPlace = srtp_err_status_t (*)(srtp_t session, void* packet, int* len);

	// SRTCP adds its index (four octets) to what SRTP adds.
	inline constexpr size_t MaxSrtcpGrowth = SRTP_MAX_TRAILER_LEN + 4;

	// `growth` is the most that `call` may add behind the packet.
	inline srtp_err_status_t apply(
	  InPlace call, srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t growth)
	{
		if (inLen > INT_MAX - growth)
		{
			return srtp_err_status_bad_param;
		}

		if (*outLen < inLen + growth)
		{
			return srtp_err_status_buffer_small;
		}

		if (out != in)
		{
			std::memmove(out, in, inLen);
		}

		int len                        = static_cast<int>(inLen);
		const srtp_err_status_t status = call(session, out, &len);

		if (status == srtp_err_status_ok)
		{
			*outLen = static_cast<size_t>(len);
		}

		return status;
	}
} // namespace varta_srtp

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t mkiIndex)
{
	return mkiIndex == 0
	         ? varta_srtp::apply(srtp_protect, session, rtp, rtpLen, srtp, srtpLen, SRTP_MAX_TRAILER_LEN)
	         : srtp_err_status_bad_mki;
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return varta_srtp::apply(srtp_unprotect, session, srtp, srtpLen, rtp, rtpLen, 0);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t mkiIndex)
{
	return mkiIndex == 0 ? varta_srtp::apply(
	                         srtp_protect_rtcp, session, rtcp, rtcpLen, srtcp, srtcpLen, varta_srtp::MaxSrtcpGrowth)
	                     : srtp_err_status_bad_mki;
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return varta_srtp::apply(srtp_unprotect_rtcp, session, srtcp, srtcpLen, rtcp, rtcpLen, 0);
}

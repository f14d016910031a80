import { Deck, LinearInterpolator, type MapViewState, type PickingInfo } from '@deck.gl/core';
import type { RegionId } from '#contract/ids.ts';
import type { OnScreen } from './choice.ts';
import { type Frame, lookAt } from './fit.ts';
import type { Bounds, RegionShape } from './geo/shapes.ts';
import { FONT, FONT_WEIGHT, LABEL_PX } from './layers.ts';
import type { Mark } from './marks.ts';
import { createDrawing, type Drawing, type Scene, stepOf } from './scene.ts';

/** The canvas of a map. React gives it scenes; where one looks, and every frame, are its own. */
export interface MapDeck extends Disposable {
  show(scene: Scene): void;
  /** Looks at a part of the world, at once; with a frame, as one of the canvases that show it. */
  fit(bounds: Bounds, frame?: Frame): void;
  /** Where the signs are now. */
  marksOnScreen(): readonly (OnScreen & { mark: Mark })[];
}

/** What comes of pointing at a map. */
export interface Pointing {
  onRegion(regionId: RegionId): void;
  onMark(mark: Mark): void;
  tooltip(mark: Mark): string;
}

interface Ports {
  host: HTMLElement;
  /** Undefined for a map that is only looked at: it does not move, and answers nothing. */
  pointing: Pointing | undefined;
  /** Nothing moves by itself. */
  isStill: boolean;
  /** There is no graphics card to do it. */
  isDrawnByProcessor: boolean;
}

const MAX_ZOOM = 14;
const MOVE_MS = 200;

export function createMapDeck({ host, pointing, isStill, isDrawnByProcessor }: Ports): MapDeck {
  const draw = createDrawing({ textWidth: createTextMeter(), isStill: pointing === undefined });
  let scene: Scene | undefined;
  let view: MapViewState | undefined;
  let drawing: Drawing | undefined;
  let step = '';
  let frame = 0;

  const deck = new Deck({
    parent: host as HTMLDivElement,
    // Four samples a pixel cost a card nothing, and a processor that draws in its stead most of its time.
    deviceProps: { webgl: { antialias: !isDrawnByProcessor } },
    // Until it is known what to look at; without one there is nothing to control.
    initialViewState: { longitude: 0, latitude: 0, zoom: 0 },
    controller: pointing !== undefined && {
      dragRotate: false,
      touchRotate: false,
      inertia: isStill ? 0 : 300,
      keyboard: { rotateSpeedX: 0, rotateSpeedY: 0 },
    },
    pickingRadius: 6,
    getCursor: ({ isDragging, isHovering }) => (isDragging ? 'grabbing' : isHovering ? 'pointer' : 'grab'),
    getTooltip: ({ layer, object }) =>
      pointing && layer?.id === 'marks' ? { text: pointing.tooltip(object as Mark) } : null,
    onClick: pointing ? (picked) => handleClick(picked, pointing) : null,
    onViewStateChange: ({ viewState }) => look(viewState as MapViewState),
  });

  function sizeNow() {
    return { width: host.clientWidth, height: host.clientHeight };
  }

  /** Draws anew when the view has come to another step; at most once a frame. */
  function look(next: MapViewState): void {
    view = next;
    if (stepOf(next) !== step && frame === 0) frame = requestAnimationFrame(redraw);
  }

  function redraw(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    if (!scene || !view) return;
    step = stepOf(view);
    drawing = draw(scene, view, sizeNow());
    deck.setProps({ layers: drawing.layers });
    host.dataset.detail = drawing.detail;
    host.dataset.marks = String(drawing.marks.length);
    host.dataset.measure = scene.facts.measure;
  }

  function handleClick({ layer, object }: PickingInfo, { onRegion, onMark }: Pointing): void {
    if (layer?.id === 'regions') onRegion((object as RegionShape).properties.iso);
    if (layer?.id !== 'marks') return;
    const mark = object as Mark;
    if (mark.kind === 'cluster') approach(mark);
    else onMark(mark);
  }

  /** So near that what was gathered comes apart. */
  function approach({ position: [longitude, latitude] }: Mark): void {
    if (!view) return;
    const zoom = Math.min(MAX_ZOOM, view.zoom + 2);
    moveTo({ ...view, longitude, latitude, zoom }, isStill ? 0 : MOVE_MS);
  }

  function moveTo(next: MapViewState, transitionDuration = 0): void {
    const transition =
      transitionDuration > 0
        ? {
            transitionDuration,
            transitionInterpolator: new LinearInterpolator(['longitude', 'latitude', 'zoom']),
          }
        : {};
    deck.setProps({ initialViewState: { ...next, ...transition } });
    look(next);
  }

  return {
    show(next) {
      scene = next;
      redraw();
    },
    fit(bounds, frame) {
      const size = sizeNow();
      if (size.width === 0 || size.height === 0) return;
      const next = lookAt(bounds, size, frame);
      moveTo({ ...next, minZoom: next.zoom - 1, maxZoom: MAX_ZOOM, pitch: 0, bearing: 0 });
      // What is in sight is also a matter of how much room there is.
      redraw();
    },
    marksOnScreen() {
      const [viewport] = deck.isInitialized ? deck.getViewports() : [];
      if (!viewport) return [];
      return (drawing?.marks ?? []).map((mark) => {
        const [x = 0, y = 0] = viewport.project(mark.position);
        return { mark, places: mark.places, x: x + mark.offset[0], y: y + mark.offset[1] };
      });
    },
    [Symbol.dispose]() {
      cancelAnimationFrame(frame);
      const canvas = deck.getCanvas();
      deck.finalize();
      // A page has only a few contexts, and the browser is slow to take one back by itself.
      canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
      canvas?.remove();
    },
  };
}

/** Measures words as they will be drawn; CSS pixels at a scale of 1. */
function createTextMeter(): (text: string) => number {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  const known = new Map<string, number>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || !context) return before ?? text.length * LABEL_PX * 0.6;
    context.font = `${FONT_WEIGHT} ${LABEL_PX}px ${FONT}`;
    const { width } = context.measureText(text);
    known.set(text, width);
    return width;
  };
}

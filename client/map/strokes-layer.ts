import { Layer, project32, type UpdateParameters } from '@deck.gl/core';
import { Geometry, Model } from '@luma.gl/engine';
import type { Stroke } from './geo/strokes.ts';
import type { Rgba } from './palette.ts';

interface StrokesProps {
  data: readonly Stroke[];
  color: Rgba;
  /** CSS pixels. */
  width: number;
}

const uniforms = `\
layout(std140) uniform strokesUniforms {
  vec4 color;
  float width;
} strokes;
`;

const strokesModule = {
  name: 'strokes',
  vs: uniforms,
  fs: uniforms,
  uniformTypes: { color: 'vec4<f32>', width: 'f32' },
} as const;

const vs = `\
#version 300 es
#define SHADER_NAME strokes-vertex
in vec4 ends;
in vec2 corners;
void main(void) {
  vec4 from = project_position_to_clipspace(vec3(ends.xy, 0.0), vec3(0.0), vec3(0.0));
  vec4 to = project_position_to_clipspace(vec3(ends.zw, 0.0), vec3(0.0), vec3(0.0));
  vec2 along = (to.xy - from.xy) * project.viewportSize;
  vec2 across = normalize(vec2(-along.y, along.x)) * corners.y * strokes.width / 2.0;
  gl_Position = (corners.x < 0.5 ? from : to) + vec4(project_pixel_size_to_clipspace(across), 0.0, 0.0);
}
`;

const fs = `\
#version 300 es
#define SHADER_NAME strokes-fragment
precision highp float;
out vec4 fragColor;
void main(void) {
  fragColor = strokes.color;
}
`;

/**
 * Thousands of straight strokes of one colour and width, in one piece. deck.gl's own layers of lines draw one small shape
 * for each stroke, which takes a processor without a graphics card half a second for the outlines of a country; and they
 * project every end on the globe in every frame, which is done once here.
 */
export class StrokesLayer extends Layer<StrokesProps> {
  static override layerName = 'StrokesLayer';
  static override defaultProps = { coordinateSystem: 'cartesian' };

  declare state: { model?: Model };

  override getShaders() {
    return super.getShaders({ vs, fs, modules: [project32, strokesModule] });
  }

  override initializeState(): void {}

  override updateState({ changeFlags }: UpdateParameters<this>): void {
    if (!changeFlags.dataChanged) return;
    this.state.model?.destroy();
    const geometry = geometryOf(this.props.data, (end) => this.context.viewport.projectFlat(end));
    this.setState({
      model: new Model(this.context.device, {
        ...this.getShaders(),
        id: this.props.id,
        geometry,
        isInstanced: false,
      }),
    });
  }

  override draw(): void {
    const { color, width } = this.props;
    const [red, green, blue, alpha] = color;
    const { model } = this.state;
    model?.shaderInputs.setProps({
      strokes: { color: [red / 255, green / 255, blue / 255, alpha / 255], width },
    });
    model?.draw(this.context.renderPass);
  }

  override finalizeState(context: Parameters<Layer['finalizeState']>[0]): void {
    this.state.model?.destroy();
    super.finalizeState(context);
  }
}

/** Which end, and which side of the stroke. */
const CORNERS = [0, -1, 0, 1, 1, -1, 1, 1];
const TRIANGLES = [0, 1, 2, 2, 1, 3];

/** Two triangles a stroke; its ends in the plane of the map. */
function geometryOf(strokes: readonly Stroke[], project: (end: number[]) => number[]): Geometry {
  const ends = strokes.flatMap(({ from, to }) => {
    const both = [...project(from), ...project(to)];
    return [...both, ...both, ...both, ...both];
  });
  const corners = strokes.flatMap(() => CORNERS);
  const indices = strokes.flatMap((_, place) => TRIANGLES.map((corner) => 4 * place + corner));
  return new Geometry({
    topology: 'triangle-list',
    attributes: {
      ends: { size: 4, value: new Float32Array(ends) },
      corners: { size: 2, value: new Float32Array(corners) },
    },
    indices: new Uint32Array(indices),
  });
}

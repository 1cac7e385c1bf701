// Dots and images by WebGL2.

import type { Atlas } from "./atlas";
import { sides } from "./renderer";
import type { Dots, Frame, Renderer } from "./renderer";

const kDotVertex = `#version 300 es
layout(location=0) in vec2 at;
layout(location=1) in vec3 colour;
uniform vec2 centre, zoom;
uniform float size;
flat out vec3 ink;
void main() {
  gl_Position = vec4((at - centre) * zoom, 0, 1);
  gl_PointSize = size;
  ink = colour;
}`;
// A disc with a soft edge of one pixel.
const kDotFragment = `#version 300 es
precision highp float;
flat in vec3 ink;
uniform float size, alpha;
out vec4 result;
void main() {
  float a = alpha * clamp((0.5 - distance(gl_PointCoord, vec2(0.5))) * size, 0.0, 1.0);
  result = vec4(ink * a, a);
}`;
const kTileVertex = `#version 300 es
layout(location=0) in vec3 at; // position, alpha
layout(location=1) in vec4 colour; // and the square
uniform vec2 centre, zoom, screen, squares;
uniform vec2 side;
flat out vec4 ink;
flat out vec2 corner;
out vec2 place; // pixels from the tile's corner
void main() {
  vec2 unit = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 middle = (at.xy - centre) * zoom * 0.5 * screen;
  vec2 origin = floor(middle + 0.5 * screen - 0.5 * side + 0.5); // whole pixels: sharp frames
  place = vec2(unit.x, 1.0 - unit.y) * side;
  gl_Position = vec4((origin + unit * side) / screen * 2.0 - 1.0, 0, 1);
  ink = vec4(colour.rgb, at.z);
  float square = floor(colour.a + 0.5);
  corner = vec2(mod(square, squares.x), floor(square / squares.x));
}`;
const kTileFragment = `#version 300 es
precision highp float;
flat in vec4 ink;
flat in vec2 corner;
in vec2 place;
uniform sampler2D atlas;
uniform vec2 tile, texel, side;
uniform float border;
out vec4 result;
void main() {
  vec2 inside = (place - border) / (side - 2.0 * border);
  vec3 shown = ink.rgb;
  if (all(greaterThan(place, vec2(border))) && all(lessThan(place, vec2(side - border)))) {
    vec2 texels = clamp(inside * tile, vec2(0.5), tile - 0.5); // never a neighbour's pixel
    shown = texture(atlas, (corner * tile + texels) * texel).rgb;
  }
  result = vec4(shown, 1) * ink.a;
}`;

const kUploads = 160; // images a frame: more would be seen as a halt

interface Program {
  program: WebGLProgram;
  at(name: string): WebGLUniformLocation | null;
}

export function makeGl(canvas: HTMLCanvasElement, atlas: Atlas | null): Renderer | null {
  const gl = canvas.getContext("webgl2", { antialias: false, depth: false, stencil: false, alpha: true, powerPreference: "low-power" });
  return gl && new GlRenderer(gl, atlas);
}

class GlRenderer implements Renderer {
  private readonly dots: Program;
  private readonly tiles: Program;
  private readonly dotArray: WebGLVertexArrayObject;
  private readonly tileArray: WebGLVertexArrayObject;
  private readonly buffers: WebGLBuffer[];
  private positions = new Float32Array(0);
  private shown: Dots | null = null;
  private moved = true; // what the buffers do not hold yet
  private coloured = true;

  constructor(private readonly gl: WebGL2RenderingContext, private readonly atlas: Atlas | null) {
    this.dots = this.compile(kDotVertex, kDotFragment);
    this.tiles = this.compile(kTileVertex, kTileFragment);
    this.buffers = [0, 1, 2].map(() => gl.createBuffer()!);
    const [positions, colours, tiles] = this.buffers;
    this.dotArray = gl.createVertexArray()!;
    gl.bindVertexArray(this.dotArray);
    this.attribute(positions, 0, 2, gl.FLOAT, 8, 0);
    this.attribute(colours, 1, 3, gl.UNSIGNED_BYTE, 4, 0);
    this.tileArray = gl.createVertexArray()!;
    gl.bindVertexArray(this.tileArray);
    this.attribute(tiles, 0, 3, gl.FLOAT, 28, 0);
    this.attribute(tiles, 1, 4, gl.FLOAT, 28, 12);
    gl.vertexAttribDivisor(0, 1);
    gl.vertexAttribDivisor(1, 1);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    if (atlas) {
      atlas.clear();
      gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, atlas.columns * atlas.width, atlas.rows * atlas.height);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    }
  }

  setPositions(positions: Float32Array): void {
    this.positions = positions;
    this.moved = true;
  }
  setDots(dots: Dots): void {
    this.shown = dots;
    this.moved = this.coloured = true;
  }

  draw(frame: Frame): boolean {
    const { gl } = this;
    const width = Math.round(frame.size.width * frame.ratio);
    const height = Math.round(frame.size.height * frame.ratio);
    const canvas = gl.canvas as HTMLCanvasElement;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.fill();
    this.drawDots(frame);
    return this.drawTiles(frame, width, height);
  }

  private fill(): void {
    const { shown, positions } = this;
    if (!shown) return;
    const { order, rgb, dim, dimmed } = shown;
    if (this.moved) {
      const sorted = new Float32Array(2 * order.length);
      for (let i = 0; i < order.length; ++i) {
        sorted[2 * i] = positions[2 * order[i]];
        sorted[2 * i + 1] = positions[2 * order[i] + 1];
      }
      this.upload(0, sorted);
    }
    if (this.coloured) {
      const colours = new Uint8Array(4 * order.length);
      for (let i = 0; i < order.length; ++i) {
        for (let c = 0; c < 3; ++c) colours[4 * i + c] = i < dimmed ? dim[c] : rgb[3 * order[i] + c];
      }
      this.upload(1, colours);
    }
    this.moved = this.coloured = false;
  }

  private drawDots(frame: Frame): void {
    const { gl, shown } = this;
    if (!shown) return;
    const { camera, size, ratio } = frame;
    gl.useProgram(this.dots.program);
    gl.bindVertexArray(this.dotArray);
    gl.uniform2f(this.dots.at("centre"), camera.x, camera.y);
    gl.uniform2f(this.dots.at("zoom"), (2 * camera.scale) / size.width, (2 * camera.scale) / size.height);
    gl.uniform1f(this.dots.at("size"), frame.dot * ratio);
    gl.uniform1f(this.dots.at("alpha"), frame.dotAlpha);
    gl.drawArrays(gl.POINTS, 0, shown.order.length);
  }

  /** Returns whether all images are there; the others follow in the next frames. */
  private drawTiles(frame: Frame, width: number, height: number): boolean {
    const { gl, atlas, shown } = this;
    const { points, alpha } = frame.tiles;
    if (!atlas || !shown || points.length === 0) return true;
    const whole = atlas.demand(points, kUploads, (x, y, pixels) =>
      gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, atlas.width, atlas.height, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(pixels.buffer)),
    );
    const data = new Float32Array(7 * points.length);
    let count = 0;
    points.forEach((point, i) => {
      const square = atlas.square(point);
      if (square < 0) return;
      data.set([this.positions[2 * point], this.positions[2 * point + 1], alpha[i]], 7 * count);
      for (let c = 0; c < 3; ++c) data[7 * count + 3 + c] = shown.rgb[3 * point + c] / 255;
      data[7 * count++ + 6] = square;
    });
    this.upload(2, data);
    const { camera, size, ratio } = frame;
    const [across, down] = sides(frame, atlas);
    gl.useProgram(this.tiles.program);
    gl.bindVertexArray(this.tileArray);
    gl.uniform2f(this.tiles.at("centre"), camera.x, camera.y);
    gl.uniform2f(this.tiles.at("zoom"), (2 * camera.scale) / size.width, (2 * camera.scale) / size.height);
    gl.uniform2f(this.tiles.at("screen"), width, height);
    gl.uniform2f(this.tiles.at("squares"), atlas.columns, atlas.rows);
    gl.uniform2f(this.tiles.at("tile"), atlas.width, atlas.height);
    gl.uniform2f(this.tiles.at("texel"), 1 / (atlas.columns * atlas.width), 1 / (atlas.rows * atlas.height));
    gl.uniform2f(this.tiles.at("side"), across, down);
    gl.uniform1f(this.tiles.at("border"), Math.round(frame.border * ratio));
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
    return whole;
  }

  private upload(buffer: number, data: Float32Array | Uint8Array): void {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffers[buffer]);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, data, buffer === 2 ? this.gl.STREAM_DRAW : this.gl.STATIC_DRAW);
  }
  private attribute(buffer: WebGLBuffer, location: number, values: number, type: number, stride: number, offset: number): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, values, type, type === gl.UNSIGNED_BYTE, stride, offset);
  }
  private compile(vertex: string, fragment: string): Program {
    const { gl } = this;
    const program = gl.createProgram()!;
    for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
      const shader = gl.createShader(type)!;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
      throw new Error(`WebGL2 refuses the map's shaders: ${gl.getProgramInfoLog(program)}`);
    const known = new Map<string, WebGLUniformLocation | null>();
    return {
      program,
      at: (name) => {
        if (!known.has(name)) known.set(name, gl.getUniformLocation(program, name));
        return known.get(name)!;
      },
    };
  }
}

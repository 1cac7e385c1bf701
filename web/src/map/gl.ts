// Dots and images by WebGL2.

import type { Atlas } from "./atlas";
import { fitCanvas, sides } from "./renderer";
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
uniform vec2 tile, squares, side;
uniform float border;
out vec4 result;
void main() {
  vec2 inside = (place - border) / (side - 2.0 * border);
  vec3 shown = ink.rgb;
  if (all(greaterThan(place, vec2(border))) && all(lessThan(place, vec2(side - border)))) {
    vec2 texels = clamp(inside * tile, vec2(0.5), tile - 0.5); // never a neighbour's pixel
    shown = texture(atlas, (corner * tile + texels) / (squares * tile)).rgb;
  }
  result = vec4(shown, 1) * ink.a;
}`;

const kUploads = 160; // images a frame: more would be seen as a halt

type Find = (name: string) => WebGLUniformLocation | null;

/** Null without WebGL2. */
export function makeGl(canvas: HTMLCanvasElement, atlas: Atlas | null): Renderer | null {
  const context = canvas.getContext("webgl2", { antialias: false, depth: false, stencil: false, powerPreference: "low-power" });
  if (!context) return null;
  const gl = context;
  const [dots, atDot] = compile(gl, kDotVertex, kDotFragment);
  const [tiles, atTile] = compile(gl, kTileVertex, kTileFragment);
  const [places, colours, squares] = [0, 1, 2].map(() => gl.createBuffer());
  const dotArray = gl.createVertexArray();
  gl.bindVertexArray(dotArray);
  attribute(gl, places, 0, 2, gl.FLOAT, 8, 0);
  attribute(gl, colours, 1, 3, gl.UNSIGNED_BYTE, 4, 0);
  const tileArray = gl.createVertexArray();
  gl.bindVertexArray(tileArray);
  attribute(gl, squares, 0, 3, gl.FLOAT, 28, 0);
  attribute(gl, squares, 1, 4, gl.FLOAT, 28, 12);
  gl.vertexAttribDivisor(0, 1);
  gl.vertexAttribDivisor(1, 1);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  if (atlas) makeTexture(gl, atlas);

  let positions = new Float32Array(0);
  let shown: Dots | null = null;
  let stale = true; // the buffers of dots

  const upload = (buffer: WebGLBuffer | null, data: Float32Array | Uint8Array) => {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
  };

  const fill = ({ order, rgb, dim, dimmed }: Dots) => {
    const sorted = new Float32Array(2 * order.length);
    const inks = new Uint8Array(4 * order.length);
    order.forEach((point, i) => {
      sorted[2 * i] = positions[2 * point];
      sorted[2 * i + 1] = positions[2 * point + 1];
      for (let c = 0; c < 3; ++c) inks[4 * i + c] = i < dimmed ? dim[c] : rgb[3 * point + c];
    });
    upload(places, sorted);
    upload(colours, inks);
    stale = false;
  };

  const use = (program: WebGLProgram, at: Find, array: WebGLVertexArrayObject | null, { camera, size }: Frame) => {
    gl.useProgram(program);
    gl.bindVertexArray(array);
    gl.uniform2f(at("centre"), camera.x, camera.y);
    gl.uniform2f(at("zoom"), (2 * camera.scale) / size.width, (2 * camera.scale) / size.height);
  };

  const drawDots = (frame: Frame, { order }: Dots) => {
    use(dots, atDot, dotArray, frame);
    gl.uniform1f(atDot("size"), frame.dot * frame.ratio);
    gl.uniform1f(atDot("alpha"), frame.dotAlpha);
    gl.drawArrays(gl.POINTS, 0, order.length);
  };

  /** Returns whether all images are there; the others follow in the next frames. */
  const drawTiles = (frame: Frame, { rgb }: Dots): boolean => {
    const { points, alpha } = frame.tiles;
    if (!atlas || points.length === 0) return true;
    const whole = atlas.demand(points, kUploads, (x, y, pixels) =>
      gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, atlas.width, atlas.height, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(pixels.buffer)),
    );
    const data: number[] = [];
    points.forEach((point, i) => {
      const square = atlas.square(point);
      if (square < 0) return;
      data.push(positions[2 * point], positions[2 * point + 1], alpha[i]);
      for (let c = 0; c < 3; ++c) data.push(rgb[3 * point + c] / 255);
      data.push(square);
    });
    upload(squares, Float32Array.from(data));
    use(tiles, atTile, tileArray, frame);
    gl.uniform2f(atTile("screen"), canvas.width, canvas.height);
    gl.uniform2f(atTile("squares"), atlas.columns, atlas.rows);
    gl.uniform2f(atTile("tile"), atlas.width, atlas.height);
    gl.uniform2f(atTile("side"), ...sides(frame, atlas));
    gl.uniform1f(atTile("border"), Math.round(frame.border * frame.ratio));
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, data.length / 7);
    return whole;
  };

  return {
    setPositions(now) {
      positions = now;
      stale = true;
    },
    setDots(now) {
      shown = now;
      stale = true;
    },
    draw(frame) {
      fitCanvas(canvas, frame);
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clear(gl.COLOR_BUFFER_BIT);
      if (!shown) return true;
      if (stale) fill(shown);
      drawDots(frame, shown);
      return drawTiles(frame, shown);
    },
  };
}

function makeTexture(gl: WebGL2RenderingContext, atlas: Atlas): void {
  atlas.clear();
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, atlas.columns * atlas.width, atlas.rows * atlas.height);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
}

function attribute(
  gl: WebGL2RenderingContext, buffer: WebGLBuffer | null, location: number, values: number, type: number, stride: number, offset: number,
): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.enableVertexAttribArray(location);
  gl.vertexAttribPointer(location, values, type, type === gl.UNSIGNED_BYTE, stride, offset);
}

function compile(gl: WebGL2RenderingContext, vertex: string, fragment: string): [WebGLProgram, Find] {
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
  return [program, (name) => gl.getUniformLocation(program, name)];
}

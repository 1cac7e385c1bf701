// The engine of the explorer page: class Explorer (src/hourglass/explore/explorer.h) for a script,
// in C. One pack at a time, and one call at a time.
//
// Functions that return a status return 1 if all went well; else 0, and hourglass_error() says why
// in one sentence. Results stay in the engine's memory until the next call: hourglass_result*().
// Memory that grows invalidates a script's views of it, so a script takes a new one after each
// call.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

const char* hourglass_error(void);

/// Opens a pack, in memory from malloc() that the engine frees when another one is opened.
int hourglass_open(uint8_t* pack, size_t bytes);
/// The model of the last map: a checkpoint's bytes, which the engine does not keep.
int hourglass_set_model(const uint8_t* checkpoint, size_t bytes);
/// Shows another map, with its epoch's model unless bytes is 0. The result's number 0 is 1 if the
/// model in use is the map's own, else 0.
int hourglass_show(int map, const uint8_t* checkpoint, size_t bytes);

/// What the open pack and its model can do: 0 or 1.
int hourglass_can_decode(void);
int hourglass_can_encode(void);
int hourglass_can_place(void);

/// `count` floats: latent vectors [n, d] or images [n, values]; labels [label_count] for models
/// that take them, one a row. Results: floats 0, images, latent vectors or positions [n, 2].
int hourglass_decode(const float* latents, int count, const int32_t* labels, int label_count);
int hourglass_encode(const float* images, int count, const int32_t* labels, int label_count);
int hourglass_place(const float* latents, int count);
/// What is at a position of the map; label -1: that of the nearest point. Results: floats 0 the
/// latent vector [d], 1 the image [values] or nothing, 2 the weights; the points; numbers 0 the
/// distance to the nearest point, 1 whether the position is far from all data.
int hourglass_blend(float x, float y, int label);
/// The k nearest points in a space (0 latent, 1 pixel, 2 map) of a point, or of a row of `count`
/// floats.
/// Results: floats 0 the distances; the points.
int hourglass_near_point(int space, int point, int k);
int hourglass_near_row(int space, const float* row, int count, int k);

const float* hourglass_result(int which);
int hourglass_result_count(int which);
const int32_t* hourglass_result_points(void);
int hourglass_result_points_count(void);
double hourglass_result_number(int which);

#ifdef __cplusplus
}
#endif

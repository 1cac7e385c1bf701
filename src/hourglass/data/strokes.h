// The built-in data set `strokes`: any number of digits that look handwritten, drawn from our own
// skeletons and a seed. Not a file format and not augmentation of other images.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hourglass/base/random.h"
#include "hourglass/tensor/rows.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

/// Every image of `strokes`: 1 x 28 x 28, white ink (255) on black (0), the digit at most 20 pixels
/// wide and high with its centre of mass in the middle, as MNIST has it.
ImageShape strokes_shape();

/// "0" .. "9".
std::vector<std::string> strokes_class_names();

/// The first `count` >= 0 images of `seed`; throws Error for a negative count or one beyond 10
/// million. Image i is a pure function of (seed, i): a smaller count is a prefix of a larger one.
/// Ten consecutive images from a multiple of ten have each digit once, in random order. Computed by
/// integers and + - * / sqrt of doubles alone, so the pixels are the same on every machine.
RowSource make_strokes(std::int64_t count, std::uint64_t seed);

/// Draws one `digit` in 0 .. 9 into `pixels` [28, 28], overwriting them: a random skeleton with
/// random slant, rotation, scale, proportions, bend, unsteadiness and thickness.
void draw_stroke_digit(std::span<std::uint8_t> pixels, int digit, Rng& rng);

}  // namespace hourglass

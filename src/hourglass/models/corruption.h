// How an image is corrupted before a denoising autoencoder sees it (Vincent et al. 2010, sections
// 3.3 and 4). The noise depends on the image's noise key alone. Not augmentation, which changes the
// target too.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "hourglass/models/options.h"
#include "hourglass/tensor/shape.h"

namespace hourglass {

struct Corruption {
  enum class Kind {
    none,
    gaussian,     // adds normal noise of standard deviation `amount` to each value, within [0, 1]
    salt_pepper,  // makes a share `amount` of the pixels black or white, all channels alike
    mask,         // makes a share `amount` of the pixels black
  };
  Kind kind = Kind::none;
  double amount = 0.0;
};

/// The option of kinds whose input can be corrupted in training; without it, it never is.
inline constexpr std::string_view kCorruptionOption = "corruption";
OptionSpec corruption_option();

/// Parses "none", "gaussian:0.3", "salt_pepper:0.2" or "mask:0.5"; amounts are in (0, 1], for
/// gaussian up to 10. Throws Error otherwise.
Corruption parse_corruption(std::string_view text);

/// What it does to an image, to follow "images": "with 50 % of the pixels made black".
std::string corruption_words(const Corruption& corruption);

/// Corrupts `in`, an image of this shape, channels last, into `out`.
void corrupt(std::span<float> out, std::span<const float> in, const ImageShape& shape,
             const Corruption& corruption, std::uint64_t key);

}  // namespace hourglass

// What makes the reference autoencoder the one it is, in numbers: for its two halves, for who
// recognises its parameters, and for who writes its layers down elsewhere (exchange/onnx.h). Not
// the layers: see encoder.h and decoder.h.
#pragma once

#include <cstdint>

namespace hourglass::autoencoder {

inline constexpr std::int64_t kWide = 32;   // channels at half the image's height and width
inline constexpr std::int64_t kDeep = 64;   // channels at a quarter of them
inline constexpr std::int64_t kShrink = 4;  // from the image to what the linear layers see
inline constexpr float kSlope = 0.2f;       // of LeakyReLU below zero

}  // namespace hourglass::autoencoder

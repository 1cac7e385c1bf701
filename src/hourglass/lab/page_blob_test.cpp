#include "hourglass/lab/page_blob.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "hourglass/base/random.h"
#include "hourglass/interop/safetensors.h"
#include "hourglass/lab/page_blob_test.h"
#include "hourglass/tensor/tensor.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes random_bytes(std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.below(256));
  return bytes;
}

/// A safetensors file with floats, whole numbers, images on a dark ground and images of noise.
Bytes pack() {
  Tensor floats({50, 3});
  Rng rng(1);
  for (float& x : floats.span()) x = static_cast<float>(rng.normal());
  Bytes dark(401), noise = random_bytes(300, 2);
  for (std::size_t i = 0; i < dark.size(); i += 3) dark[i] = static_cast<std::uint8_t>(i);
  const std::vector<NamedArrayView> arrays{
      {"floats", floats},
      {"dark", ArrayView(std::span<const std::uint8_t>(dark), Shape{401})},
      {"noise", ArrayView(std::span<const std::uint8_t>(noise), Shape{300})}};
  std::vector<NamedArraySource> sources;
  for (const auto& [name, array] : arrays) {
    sources.push_back({name, array.dtype, array.shape, [bytes = array.bytes] { return bytes; }});
  }
  return safetensors_bytes(sources, {{"facts", "{}"}});
}

Bytes back(const BlobText& text) {
  return restored(gunzipped(bytes_of_text(text.text, text.bytes)), text.parts);
}

TEST(PageBlob, EveryLengthAndEveryByteComesBack) {
  for (std::size_t size = 0; size < 70; ++size) {
    const Bytes bytes = random_bytes(size, size);
    EXPECT_EQ(bytes_of_text(text_of_bytes(bytes), size), bytes) << size;
  }
  const Bytes zeros(100), ones(100, 0xFF);
  EXPECT_EQ(bytes_of_text(text_of_bytes(zeros), 100), zeros);
  EXPECT_EQ(bytes_of_text(text_of_bytes(ones), 100), ones);
}

TEST(PageBlob, TheTextHoldsNothingThatHtmlChangesOrReadsAsATag) {
  const std::string text = text_of_bytes(random_bytes(100000, 7));
  EXPECT_EQ(text.find('\0'), text.npos);
  EXPECT_EQ(text.find('\r'), text.npos);
  EXPECT_EQ(text.find('<'), text.npos);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0x80) == 0) continue;
    ASSERT_TRUE(text[i] == '\xC2' || text[i] == '\xC3') << "a character of two bytes";
    ASSERT_EQ(text[++i] & 0xC0, 0x80);
  }
}

TEST(PageBlob, RandomBytesTakeASixthMoreAsText) {
  const std::string text = text_of_bytes(random_bytes(100000, 8));
  EXPECT_LT(text.size(), 115500u);  // of 100,000: 8/7 and the three groups of two bytes
}

TEST(PageBlob, EachArrayOfASafetensorsFileIsAPartByItself) {
  const Bytes blob = pack();
  const auto parts = parts_of_blob(blob);
  ASSERT_EQ(parts.size(), 4u);
  EXPECT_EQ(parts[0].kind, BlobPart::Kind::raw) << "the header";
  EXPECT_EQ(parts[1], (BlobPart{BlobPart::Kind::floats, 600}));
  EXPECT_EQ(parts[2], (BlobPart{BlobPart::Kind::fill, 401, 0}));
  EXPECT_EQ(parts[3], (BlobPart{BlobPart::Kind::raw, 300}));
  EXPECT_EQ(parts_text(std::span(parts).subspan(1)), "floats 600, fill 0 401, raw 300");
}

TEST(PageBlob, APackComesBackToTheByte) {
  const Bytes blob = pack();
  EXPECT_EQ(back(blob_text(blob)), blob);
}

TEST(PageBlob, WhatIsNoSafetensorsFileComesBackToo) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{100001}}) {
    const Bytes blob = random_bytes(size, 3);
    const BlobText text = blob_text(blob);
    EXPECT_EQ(text.parts, fmt::format("raw {}", size));
    EXPECT_EQ(back(text), blob);
  }
}

TEST(PageBlob, TheSameBlobIsTheSameText) {
  EXPECT_EQ(blob_text(pack()).text, blob_text(pack()).text);
}

}  // namespace
}  // namespace hourglass

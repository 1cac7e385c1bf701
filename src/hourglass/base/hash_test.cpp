#include "hourglass/base/hash.h"

#include <gmock/gmock.h>

#include <vector>

#include "hourglass/base/impl/sha256_blocks.h"

namespace hourglass {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The examples that NIST publishes with FIPS 180-4.
TEST(Hash, ThePublishedExamplesComeOut) {
  EXPECT_EQ(sha256_hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex(bytes_of("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  const std::string million(1'000'000, 'a');
  EXPECT_EQ(sha256_hex(bytes_of(million)),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, PiecesOfAnySizeGiveWhatTheWholeGives) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i * 7);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto bytes = bytes_of(text).first(size);
    const std::string whole = sha256_hex(bytes);
    for (const std::size_t piece : {1, 3, 55, 63, 64, 65, 128}) {
      Sha256 hash;
      for (std::size_t from = 0; from < size; from += piece) {
        hash.update(bytes.subspan(from, std::min(piece, size - from)));
      }
      ASSERT_EQ(hash.hex(), whole) << size << " bytes in pieces of " << piece;
    }
  }
}

TEST(Hash, TheProcessorsInstructionsComputeWhatPlainCodeComputes) {
  const Sha256::Compress fast = compress_by_instructions();
  if (fast == nullptr) GTEST_SKIP() << "this processor has no SHA instructions";
  std::vector<std::uint8_t> blocks(64 * 5);
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = static_cast<std::uint8_t>(i * i);
  for (std::size_t count = 0; count <= 5; ++count) {
    Sha256::State plain{1, 2, 3, 4, 5, 6, 7, 0xffffffff}, by_instructions = plain;
    compress_plain(plain, blocks.data(), count);
    fast(by_instructions, blocks.data(), count);
    EXPECT_EQ(plain, by_instructions) << count << " blocks";
  }
}

}  // namespace
}  // namespace hourglass

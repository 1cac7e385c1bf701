// The constants of the zip format that reader and writer share. Not an interface.
#pragma once

#include <cstdint>

namespace hourglass::zip {

inline constexpr std::uint32_t kLocalSignature = 0x04034b50;
inline constexpr std::uint32_t kCentralSignature = 0x02014b50;
inline constexpr std::uint32_t kEndSignature = 0x06054b50;
inline constexpr std::uint32_t kEnd64Signature = 0x06064b50;
inline constexpr std::uint32_t kLocator64Signature = 0x07064b50;
inline constexpr std::size_t kLocalSize = 30;      // bytes of a local header before its name
inline constexpr std::size_t kCentralSize = 46;    // bytes of a directory entry before its name
inline constexpr std::size_t kEndSize = 22;        // bytes of the end record before its comment
inline constexpr std::size_t kEnd64Size = 56;      // bytes of the zip64 end record
inline constexpr std::size_t kLocator64Size = 20;  // bytes of the locator of that record
inline constexpr std::uint16_t kStored = 0;
inline constexpr std::uint16_t kDeflated = 8;
inline constexpr std::uint16_t kEncryptedFlag = 1;
inline constexpr std::uint16_t kUtf8Flag = 1 << 11;
inline constexpr std::uint32_t kInZip64 = 0xffffffff;  // the size or offset is in a zip64 record
inline constexpr std::uint16_t kCountInZip64 = 0xffff;

}  // namespace hourglass::zip

#include "hourglass/data/impl/byte_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/base/hash.h"
#include "hourglass/base/mapped_file.h"

namespace hourglass {
namespace {

constexpr std::size_t kInputBytes = std::size_t{1} << 16;
// The most for one call of zlib, which counts in 32 bits.
constexpr std::size_t kOutputBytes = std::size_t{1} << 20;

}  // namespace

struct ByteReader::State {
  explicit State(const std::filesystem::path& file) : path(file) {
    descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
      fail_file("data", "cannot open {}: {}", path.string(), std::strerror(errno));
  }
  State(std::vector<std::uint8_t> bytes, const std::filesystem::path& name)
      : path(name), memory(std::move(bytes)) {
    file_left = memory.size();
  }
  ~State() {
    if (gzip) inflateEnd(&stream);
    if (descriptor >= 0) ::close(descriptor);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::size_t read_file(std::uint8_t* out, std::size_t count) {
    if (descriptor < 0) {
      const std::size_t taken = std::min<std::size_t>(count, file_left);
      std::copy_n(memory.end() - static_cast<std::ptrdiff_t>(file_left), taken, out);
      file_left -= taken;
      return taken;
    }
    std::size_t done = 0;
    while (done < count) {
      const ssize_t got = ::read(descriptor, out + done, count - done);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail_file("data", "cannot read {}: {}", path.string(), std::strerror(errno));
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    file_left -= std::min<std::uint64_t>(file_left, done);
    return done;
  }

  void refill() {
    stream.next_in = input.data();
    stream.avail_in = static_cast<uInt>(read_file(input.data(), input.size()));
  }

  std::size_t read_plain(std::span<std::uint8_t> out) {
    const std::size_t held = std::min<std::size_t>(stream.avail_in, out.size());
    std::copy_n(stream.next_in, held, out.data());
    stream.next_in += held;
    stream.avail_in -= static_cast<uInt>(held);
    return held + read_file(out.data() + held, out.size() - held);
  }

  std::size_t read_gzip(std::span<std::uint8_t> out) {
    std::size_t done = 0;
    while (done < out.size() && !ended) {
      if (stream.avail_in == 0) refill();
      const std::size_t piece = std::min(out.size() - done, kOutputBytes);
      stream.next_out = out.data() + done;
      stream.avail_out = static_cast<uInt>(piece);
      inflate_some();
      done += piece - stream.avail_out;
    }
    return done;
  }

  void inflate_some() {
    const bool nothing_more = stream.avail_in == 0;
    const uInt room = stream.avail_out;
    const int status = inflate(&stream, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      next_member();
    } else if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (nothing_more && stream.avail_out == room) {
      fail_file("data", "{} is cut short in the middle of its gzip data: fetch it again",
                path.string());
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      fail_file("data", "{} has damaged gzip data ({}): fetch it again", path.string(),
                stream.msg ? stream.msg : "unknown reason");
    }
  }

  /// A gzip file may have several members (RFC 1952, section 2.2).
  void next_member() {
    if (stream.avail_in == 0) refill();
    if (stream.avail_in == 0) {
      ended = true;
    } else if (*stream.next_in != 0x1f) {
      fail_file("data", "{} has other bytes after its gzip data: fetch it again", path.string());
    } else {
      inflateReset(&stream);
    }
  }

  std::filesystem::path path;
  std::vector<std::uint8_t> memory;  // the file, where there is no descriptor
  int descriptor = -1;
  std::uint64_t file_left = 0;  // bytes not yet read from the descriptor or the memory
  bool gzip = false;
  bool ended = false;
  z_stream stream{};  // next_in and avail_in also hold the start of a plain file
  std::array<std::uint8_t, kInputBytes> input;
};

ByteReader::ByteReader(const std::filesystem::path& path)
    : path_(path), state_(std::make_unique<State>(path)) {
  struct stat status {};
  if (::fstat(state_->descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    fail_file("data", "{} is not a regular file", path.string());
  }
  state_->file_left = static_cast<std::uint64_t>(status.st_size);
  detect_gzip();
}

ByteReader::ByteReader(std::vector<std::uint8_t> bytes, const std::filesystem::path& name)
    : path_(name), state_(std::make_unique<State>(std::move(bytes), name)) {
  detect_gzip();
}

void ByteReader::detect_gzip() {
  state_->refill();
  const auto& stream = state_->stream;
  if (stream.avail_in >= 2 && stream.next_in[0] == 0x1f && stream.next_in[1] == 0x8b) {
    constexpr int kGzipWindow = 15 + 16;  // the largest window; 16 asks for gzip's header and CRC
    if (inflateInit2(&state_->stream, kGzipWindow) != Z_OK) throw std::bad_alloc();
    state_->gzip = true;
  }
}

ByteReader::~ByteReader() = default;

std::size_t ByteReader::read(std::span<std::uint8_t> out) {
  return state_->gzip ? state_->read_gzip(out) : state_->read_plain(out);
}

std::uint64_t ByteReader::most_left() const {
  const std::uint64_t left = state_->file_left + state_->stream.avail_in;
  // The data buffered inside zlib fits in its window and one longest match.
  return state_->gzip ? left * kMaxDeflateRatio + 65536 : left;
}

std::string sha256_of_file(const std::filesystem::path& path, std::uint64_t most) {
  const MappedFile file(path);
  if (file.bytes().size() > most)
    fail_file("data", "{} has more than {} bytes", path.string(), most);
  return sha256_hex(file.bytes());
}

std::string sha256_of_contents(const std::filesystem::path& path, std::uint64_t most) {
  ByteReader reader(path);
  Sha256 hash;
  std::vector<std::uint8_t> buffer(std::size_t{1} << 18);
  std::uint64_t total = 0;
  while (const std::size_t got = reader.read(buffer)) {
    hash.update(std::span(buffer).first(got));
    total += got;
    if (total > most)
      fail_file("data", "{} has more than {} bytes when unpacked", path.string(), most);
  }
  return hash.hex();
}

}  // namespace hourglass

#include "soap/data/input_file.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <zlib.h>

#include "soap/base/error.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr std::array<std::uint8_t, 2> gzip_magic{0x1f, 0x8b};

// Deflate packs at most 258 bytes into 2 bits: no more than 1032 bytes come out of each byte that goes in.
constexpr std::uint64_t largest_ratio = 1032;

}  // namespace

// zlib's inflate rather than its gzread, which passes bytes after the gzip data and damaged starts as
// content.
struct InputFile::Gzip {
  z_stream stream{};
  std::array<std::uint8_t, 65536> packed{};
  std::uint64_t bytes_read = 0;
  bool between_members = false;

  Gzip() {
    constexpr int gzip_only = 16;
    if (inflateInit2(&stream, MAX_WBITS + gzip_only) != Z_OK) throw std::bad_alloc();
  }
  ~Gzip() { inflateEnd(&stream); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
};

InputFile::InputFile(const std::filesystem::path& path) : path_(path.string()), file_(path, "a file") {
  if (file_size() == 0) throw IoError(path_, IoError::no_offset, "an empty file", "data");
  std::array<std::uint8_t, 2> start{};
  const std::size_t count = read_file(start);
  file_.rewind();
  if (count == start.size() && start == gzip_magic) gzip_ = std::make_unique<Gzip>();
}

InputFile::~InputFile() = default;

std::uint64_t InputFile::longest_content() const {
  if (!is_gzip()) return file_size();
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  return file_size() > most / largest_ratio ? most : file_size() * largest_ratio;
}

std::size_t InputFile::read(std::span<std::uint8_t> into) {
  return is_gzip() ? read_gzip(into) : read_file(into);
}

std::size_t InputFile::read_file(std::span<std::uint8_t> into) {
  return file_.read({reinterpret_cast<char*>(into.data()), into.size()});
}

std::size_t InputFile::read_gzip(std::span<std::uint8_t> into) {
  z_stream& zip = gzip_->stream;
  std::size_t done = 0;
  while (done < into.size()) {
    // A new member is recognized by two bytes, so the buffer must not end between them.
    if (zip.avail_in < gzip_magic.size()) {
      auto& packed = gzip_->packed;
      std::copy_n(zip.next_in, zip.avail_in, packed.data());
      const std::size_t count = read_file(std::span(packed).subspan(zip.avail_in));
      gzip_->bytes_read += count;
      zip.next_in = packed.data();
      zip.avail_in += static_cast<uInt>(count);
    }
    if (gzip_->between_members) {
      if (zip.avail_in == 0) break;
      if (zip.avail_in < gzip_magic.size() ||
          !std::equal(gzip_magic.begin(), gzip_magic.end(), zip.next_in)) {
        fail_packed("bytes that are not gzip after the end of the gzip data", "the end of the file");
      }
      inflateReset(&zip);
      gzip_->between_members = false;
    }
    zip.next_out = into.data() + done;
    zip.avail_out =
        static_cast<uInt>(std::min<std::size_t>(into.size() - done, std::numeric_limits<uInt>::max()));
    const int result = inflate(&zip, Z_NO_FLUSH);
    done = static_cast<std::size_t>(zip.next_out - into.data());
    switch (result) {
      case Z_OK:
        break;
      case Z_STREAM_END:
        gzip_->between_members = true;
        break;
      case Z_BUF_ERROR:  // No progress is possible: the buffer was filled above, so the file has ended.
        fail_packed("the end of the file within gzip data", "the rest of them (was the file cut short?)");
      case Z_MEM_ERROR:
        throw std::bad_alloc();
      default:
        fail_packed("corrupt gzip data (" + std::string(zip.msg != nullptr ? zip.msg : "no detail") + ")",
                    "undamaged gzip data");
    }
  }
  return done;
}

void InputFile::fail(std::uint64_t offset, const std::string& found, const std::string& expected) const {
  throw IoError(path_, static_cast<std::int64_t>(offset),
                found + (is_gzip() ? " (bytes counted in the unpacked data)" : ""), expected);
}

void InputFile::fail_packed(const std::string& found, const std::string& expected) const {
  throw IoError(path_, static_cast<std::int64_t>(gzip_->bytes_read - gzip_->stream.avail_in), found,
                expected);
}

}  // namespace SOAP_ABI
}  // namespace soap

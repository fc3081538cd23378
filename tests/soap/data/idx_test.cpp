#include "soap/data/idx.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"

#include "tests/support/idx_files.hpp"

using soap::Index;
using soap::read_idx;
using test::Bytes;
using test::bytes_of;
using test::gzip_of;
using test::idx_header;
using test::operator+;

namespace {

constexpr int rank_of_labels = 1;
constexpr int rank_of_images = 3;

// What the error says after the file's name.
std::string complaint(const std::filesystem::path& path, int rank) {
  try {
    read_idx(path, rank);
  } catch (const soap::IoError& error) {
    CHECK(error.path() == path.string());
    const std::string text = error.what();
    CHECK(text.rfind(path.string() + ": ", 0) == 0);
    return text.substr(path.string().size() + 2);
  }
  return "no error";
}

std::string complaint(const Bytes& bytes, int rank) {
  const test::TemporaryFolder folder;
  return complaint(folder.write("file", bytes), rank);
}

const std::string unpacked = " (bytes counted in the unpacked data)";

}  // namespace

TEST_CASE("an IDX file is read whether it is plain or gzip, and whatever its name says") {
  const test::TemporaryFolder folder;
  const Bytes pixels{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 250, 251};
  const Bytes plain = idx_header({2, 3, 2}) + pixels;
  for (const auto& path :
       {folder.write("plain", plain), folder.write("plain.gz", plain), folder.write("packed", gzip_of(plain)),
        folder.write("packed.gz", gzip_of(plain))}) {
    const auto array = read_idx(path, rank_of_images);
    CHECK(array.dimensions == std::vector<Index>{2, 3, 2});
    CHECK(array.values == pixels);
  }
}

TEST_CASE("data that gzip itself packed are read") {
  // `gzip -9n` of a header for 20 labels, 19 ones and a two.
  const Bytes packed{0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63,
                     0x60, 0xe0, 0x60, 0x64, 0x60, 0x60, 0x10, 0x61, 0xc4, 0x04, 0x4c,
                     0x00, 0xe8, 0x28, 0xac, 0xd4, 0x1c, 0x00, 0x00, 0x00};
  const test::TemporaryFolder folder;
  CHECK(read_idx(folder.write("file", packed), rank_of_labels).values == Bytes(19, 1) + Bytes{2});
}

TEST_CASE("a file longer than every buffer is read, also when it is several gzip members") {
  const test::TemporaryFolder folder;
  Bytes values(700'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(i * i >> 7U);
  const Bytes plain = idx_header({700'000}) + values;
  CHECK(read_idx(folder.write("plain", plain), rank_of_labels).values == values);
  CHECK(read_idx(folder.write("packed", gzip_of(plain)), rank_of_labels).values == values);
  // A member of stored bytes is 23 bytes longer than they are: here the first, or the empty second one, ends
  // just before, at and after the end of a 64 KiB buffer.
  for (const std::ptrdiff_t first : {65'489, 65'490, 65'491, 65'512, 65'513, 65'514}) {
    const Bytes start(plain.begin(), plain.begin() + first);
    const Bytes rest(plain.begin() + first, plain.end());
    const auto path = folder.write("members", gzip_of(start) + gzip_of({}) + gzip_of(rest));
    CHECK(read_idx(path, rank_of_labels).values == values);
  }
}

TEST_CASE("a path that is no readable file is refused") {
  const test::TemporaryFolder folder;
  CHECK(complaint(folder.path() / "absent", rank_of_labels) == "found no such file, expected a file");
  CHECK(complaint(folder.path(), rank_of_labels) == "found a folder, expected a file");
  CHECK(complaint(Bytes{}, rank_of_labels) == "found an empty file, expected data");
}

TEST_CASE("content that is not an IDX file of unsigned bytes is refused") {
  const std::string html = "at byte 0 found what looks like an HTML page";
  const std::string again = ", expected an IDX file (download it again, perhaps from elsewhere)";
  CHECK(complaint(bytes_of("<!DOCTYPE html><html><body>404</body></html>"), rank_of_images) == html + again);
  CHECK(complaint(bytes_of("\n\n <html>"), rank_of_labels) == html + again);
  CHECK(complaint(bytes_of("\xef\xbb\xbf<p>"), rank_of_labels) == html + again);
  CHECK(complaint(gzip_of(bytes_of("<html><body>moved</body></html>")), rank_of_labels) ==
        html + unpacked + again);

  CHECK(complaint(bytes_of("PK\x03\x04 and so on"), rank_of_images) ==
        "at byte 0 found bytes 50 4b 03 04, expected the magic number 00 00 08 03 of an IDX file");
  CHECK(complaint(Bytes{0, 1, 8, 1, 0, 0, 0, 1, 5}, rank_of_labels) ==
        "at byte 0 found bytes 00 01 08 01, expected the magic number 00 00 08 01 of an IDX file");
  CHECK(complaint(Bytes{0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0}, rank_of_labels) ==
        "at byte 2 found element type 0x0d (float), expected element type 0x08 (unsigned byte)");
  CHECK(complaint(Bytes{0, 0, 0x42, 1, 0, 0, 0, 1, 0}, rank_of_labels) ==
        "at byte 2 found element type 0x42 (unknown), expected element type 0x08 (unsigned byte)");
  CHECK(complaint(idx_header({1}) + Bytes{7}, rank_of_images) ==
        "at byte 3 found 1 dimension, expected 3 dimensions");
  CHECK(complaint(gzip_of(idx_header({1, 1, 1}) + Bytes{7}), rank_of_labels) ==
        "at byte 3 found 3 dimensions" + unpacked + ", expected 1 dimension");
}

TEST_CASE("a file cut short is refused wherever the cut is") {
  const Bytes plain = idx_header({2, 2, 2}) + Bytes(8, 9);
  const auto cut = [](const Bytes& bytes, std::size_t size) {
    return Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
  };
  const std::string header = " found the end of the data within the header, expected a header of 16 bytes";
  CHECK(complaint(cut(plain, 1), rank_of_images) == "at byte 1" + header);
  CHECK(complaint(cut(plain, 15), rank_of_images) == "at byte 15" + header);
  CHECK(
      complaint(cut(plain, 23), rank_of_images) ==
      "at byte 4 found a claim of 2 x 2 x 2 values, expected at most 7, all that a file of 23 bytes can hold "
      "(was the file cut short?)");

  const test::TemporaryFolder folder;
  const Bytes packed = gzip_of(plain);
  for (std::size_t size = 2; size < packed.size(); ++size) {
    CHECK(complaint(folder.write("file", cut(packed, size)), rank_of_images) ==
          "at byte " + std::to_string(size) +
              " found the end of the file within gzip data, expected "
              "the rest of them (was the file cut short?)");
  }
  CHECK(complaint(gzip_of(cut(plain, 15)), rank_of_images) ==
        "at byte 15 found the end of the data within the header" + unpacked +
            ", expected a header of 16 bytes");
  CHECK(complaint(gzip_of(cut(plain, 23)), rank_of_images) ==
        "at byte 23 found the end of the data" + unpacked + ", expected 24 bytes in all");
}

TEST_CASE("sizes that the file cannot hold are refused before memory is taken") {
  const std::string can_hold = " bytes can hold (was the file cut short?)";
  CHECK(complaint(idx_header({4294967295, 4294967295, 4294967295}) + Bytes(8, 0), rank_of_images) ==
        "at byte 4 found a claim of 4294967295 x 4294967295 x 4294967295 values, expected at most 8, all "
        "that a "
        "file of 24" +
            can_hold);
  // The product is 2^64, which is 0 in 64 bits.
  CHECK(complaint(idx_header({4194304, 2097152, 2097152}), rank_of_images) ==
        "at byte 4 found a claim of 4194304 x 2097152 x 2097152 values, expected at most 0, all that a file "
        "of 16" +
            can_hold);
  const Bytes packed = gzip_of(idx_header({60'000, 28, 28}) + Bytes(784, 1));
  CHECK(complaint(packed, rank_of_images) ==
        "at byte 4 found a claim of 60000 x 28 x 28 values" + unpacked + ", expected at most " +
            std::to_string(packed.size() * 1032 - 16) + ", all that a gzip file of " +
            std::to_string(packed.size()) + can_hold);
}

TEST_CASE("no examples and images without pixels are refused") {
  CHECK(complaint(idx_header({0}), rank_of_labels) == "at byte 4 found 0 examples, expected at least 1");
  CHECK(complaint(idx_header({0, 28, 28}), rank_of_images) ==
        "at byte 4 found 0 examples, expected at least 1");
  CHECK(complaint(idx_header({5, 28, 0}), rank_of_images) ==
        "at byte 12 found images with a side of 0, expected at least 1");
}

TEST_CASE("anything after the last value is refused") {
  const Bytes plain = idx_header({3}) + Bytes{1, 2, 3};
  CHECK(complaint(plain + Bytes{0}, rank_of_labels) ==
        "at byte 11 found more data after the last value, expected the end of the data");
  CHECK(complaint(gzip_of(plain + Bytes{0}), rank_of_labels) ==
        "at byte 11 found more data after the last value" + unpacked + ", expected the end of the data");
  CHECK(complaint(gzip_of(plain) + gzip_of(Bytes{0}), rank_of_labels) ==
        "at byte 11 found more data after the last value" + unpacked + ", expected the end of the data");
  const Bytes packed = gzip_of(plain);
  for (const Bytes& excess : {Bytes{0}, Bytes{0x1f}, bytes_of("more")}) {
    CHECK(complaint(packed + excess, rank_of_labels) ==
          "at byte " + std::to_string(packed.size()) +
              " found bytes that are not gzip after the end of the gzip data, expected the end of the file");
  }
}

TEST_CASE("no changed bit of a gzip file's data or checksums goes unnoticed") {
  const Bytes packed = gzip_of(idx_header({3}) + Bytes{1, 2, 3});
  constexpr std::size_t gzip_header = 10;
  const test::TemporaryFolder folder;
  for (std::size_t at = gzip_header; at < packed.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      // The stored block's header ends in five bits of padding, which nothing reads.
      if (at == gzip_header && bit > 2) continue;
      Bytes damaged = packed;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1U << bit));
      CHECK(complaint(folder.write("file", damaged), rank_of_labels) != "no error");
    }
  }
  Bytes wrong_sum = packed;
  wrong_sum[packed.size() - 5] ^= 1U;
  CHECK(complaint(wrong_sum, rank_of_labels).find("found corrupt gzip data (incorrect data check)") !=
        std::string::npos);
}

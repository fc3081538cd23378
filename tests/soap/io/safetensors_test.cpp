#include "soap/io/safetensors.hpp"

#include <cstring>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "soap/base/error.hpp"

#include "tests/support/flipped_bits.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

using soap::IoError;
using soap::read_safetensors;
using soap::Tensor;
using soap::TensorFile;
using soap::TensorType;
using soap::to_safetensors;
using test::TemporaryFolder;

namespace {

// A file by hand: the length of the header, the header, and this many bytes of data.
std::string file_of(const std::string& header, std::size_t data) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data, 'x');
}

// What is said about a file, without its path.
std::string complaint(const std::string& bytes) {
  const TemporaryFolder folder;
  const auto path = folder.write("file", bytes);
  try {
    (void)read_safetensors(path);
  } catch (const IoError& error) {
    const std::string text = error.what();
    REQUIRE(text.starts_with(path.string() + ": "));
    CHECK(text.find('\n') == std::string::npos);
    return text.substr(path.string().size() + 2);
  }
  return "";
}

std::string complaint_about(const std::string& header, std::size_t data) {
  return complaint(file_of(header, data));
}

// A header of one tensor of two F32.
std::string tensor(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
}

TensorFile small() {
  return {.metadata = {{"note", "a \"quoted\" caf\xc3\xa9"}},
          .tensors = {{"matrix", {TensorType::f32, {2, 3}, std::string(24, 'm')}},
                      {"list", {TensorType::f64, {2}, "0123456789abcdef"}},
                      {"one", {TensorType::i64, {}, "12345678"}},
                      {"none", {TensorType::u8, {0}, ""}},
                      {"hollow", {TensorType::f64, {3, 0, 2}, ""}},
                      {"text", {TensorType::u8, {5}, "hello"}}}};
}

}  // namespace

TEST_CASE("tensors of every type and of odd shapes come back as they were") {
  const TemporaryFolder folder;
  const auto path = folder.write("file", to_safetensors(small()));
  const TensorFile file = read_safetensors(path);
  CHECK(file.metadata.at("note") == small().metadata.at("note"));
  REQUIRE(file.tensors.size() == small().tensors.size());
  for (const auto& entry : small().tensors) {
    const auto& [name, expected] = entry;
    CAPTURE(entry.first);
    CHECK(file.tensors.at(name).type == expected.type);
    CHECK(file.tensors.at(name).shape == expected.shape);
    CHECK(file.tensors.at(name).bytes == expected.bytes);
  }
  CHECK(to_safetensors(file) == to_safetensors(small()));
  CHECK(read_safetensors(folder.write("empty", to_safetensors({}))).tensors.empty());
}

TEST_CASE("a file is a header of a multiple of 8 bytes, and tensors that are aligned and without gaps") {
  const std::string bytes = to_safetensors(small());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  CHECK(length % 8 == 0);
  const auto header = nlohmann::json::parse(bytes.substr(8, length));
  CHECK(header.at("matrix") ==
        nlohmann::json{{"dtype", "F32"}, {"shape", {2, 3}}, {"data_offsets", {24, 48}}});
  CHECK(header.at("one").at("shape") == nlohmann::json::array());
  CHECK(header.at("__metadata__").at("note") == small().metadata.at("note"));
  CHECK(bytes.size() == 8 + length + 24 + 16 + 8 + 5);
  CHECK(bytes.ends_with("hello"));
}

TEST_CASE("a file in which any bit is another is refused, also in its header") {
  const TemporaryFolder folder;
  const std::string bytes = to_safetensors(small());
  const auto same_meaning = [&](const TensorFile& file) {
    TensorFile expected = small();
    expected.metadata = file.metadata;
    return to_safetensors(file) == to_safetensors(expected) && file.metadata.contains("note");
  };
  std::size_t unmarked = 0;
  CHECK(test::flipped_bits_taken(bytes, [&](const std::string& flipped) {
          try {
            const TensorFile file = read_safetensors(folder.write("file", flipped));
            // Only the name of the fingerprint is another then.
            unmarked += file.metadata.contains(soap::fingerprint_key) ? 0 : 1;
            return file.metadata.contains(soap::fingerprint_key) || !same_meaning(file);
          } catch (const IoError&) {
            return false;
          }
        }) == 0);
  CHECK(unmarked <= 8 * std::string(soap::fingerprint_key).size());
}

TEST_CASE("the fingerprint is of the contents, however another program writes the header") {
  const TemporaryFolder folder;
  const std::string bytes = to_safetensors(small());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  const std::string header = nlohmann::json::parse(bytes.substr(8, length)).dump(2);
  const std::uint64_t longer = header.size();
  const std::string other =
      std::string(reinterpret_cast<const char*>(&longer), 8) + header + bytes.substr(8 + length);
  CHECK(to_safetensors(read_safetensors(folder.write("file", other))) == bytes);
}

TEST_CASE("a file as the reference implementation writes it is read") {
  const std::string header = R"({"b":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  const TemporaryFolder folder;
  const TensorFile file = read_safetensors(folder.write("file", file_of(header + "   ", 8)));
  CHECK(file.metadata.empty());
  CHECK(file.tensors.at("b").shape == std::vector<std::int64_t>{1, 2});
  CHECK(file.tensors.at("b").bytes == "xxxxxxxx");
}

TEST_CASE("tensors that do not fit their shapes and names that are no text are not written") {
  CHECK_THROWS_WITH_AS(to_safetensors({.tensors = {{"a", {TensorType::f32, {2}, "1234567"}}}}),
                       doctest::Contains("tensor 'a': found 7 bytes"), std::invalid_argument);
  CHECK_THROWS_AS(to_safetensors({.tensors = {{"a", {TensorType::u8, {-1}, ""}}}}), std::invalid_argument);
  CHECK_THROWS_AS(to_safetensors({.tensors = {{"__metadata__", {TensorType::u8, {0}, ""}}}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(to_safetensors({.tensors = {{"caf\xe9", {TensorType::u8, {0}, ""}}}}),
                  std::invalid_argument);
}

TEST_CASE("what is no file is refused") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH_AS(read_safetensors(folder.path() / "none"), doctest::Contains("found no such file"),
                       IoError);
  CHECK_THROWS_WITH_AS(read_safetensors(folder.path()), doctest::Contains("found a folder"), IoError);
  CHECK_THROWS_WITH_AS(read_safetensors("/dev/zero"), doctest::Contains("found a pipe, device or socket"),
                       IoError);
}

TEST_CASE("a header that cannot be is refused") {
  CHECK(complaint("") == "found a file of 0 bytes, expected at least 8");
  CHECK(complaint("1234567") == "found a file of 7 bytes, expected at least 8");
  CHECK(complaint(std::string("\x0a\0\0\0\0\0\0\0{}", 10)) ==
        "at byte 0 found a header of 10 bytes, expected at most the 2 that follow in the file");
  CHECK(complaint(std::string(8, '\xff')) ==
        "at byte 0 found a header of 18446744073709551615 bytes, expected at most 100000000");
  CHECK(complaint(std::string(8, '\0')) ==
        "at byte 8 found a header that does not start with '{', expected a safetensors header");
  CHECK(complaint_about(" {}", 0).starts_with("at byte 8 found a header that does not start with '{'"));
  CHECK(complaint_about("{} {}", 0) ==
        "at byte 11 found a header that is not JSON, expected a safetensors header");
  CHECK(complaint_about(R"({"a":)", 0).find("not JSON") != std::string::npos);
  CHECK(complaint_about(std::string("{}\0x", 4), 0) ==
        "at byte 10 found a zero byte, expected a safetensors header");
  CHECK(complaint_about(R"({"a":1e309})", 0).find("not JSON") != std::string::npos);
  for (const char* bracket : {"[", R"({"a":)"}) {
    std::string deep = R"({"a":)";
    for (int i = 0; i < 100'000; ++i) deep += bracket;
    CHECK_FALSE(complaint_about(deep, 0).empty());
  }
  CHECK(complaint_about("{\"caf\xe9\":1}", 0).find("not JSON") != std::string::npos);
  CHECK(complaint_about(R"({"a":1})", 0) ==
        "at byte 8 found the number 1 for 'a' in the header, expected an object");
  CHECK(complaint_about(R"({"a":[]})", 0).find("found a list for 'a'") != std::string::npos);
  CHECK(complaint_about(R"({"__metadata__":{"a":1}})", 0) ==
        "at byte 8 found the number 1 for 'a' in the metadata in the header, expected a text");
  CHECK(complaint_about(R"({"__metadata__":{"a":{}}})", 0).find("an object for 'a'") != std::string::npos);
  CHECK(complaint_about(R"({"__metadata__":{},"__metadata__":{}})", 0) ==
        "at byte 8 found the name '__metadata__' twice in the header, expected it once");
  CHECK(complaint_about(R"({"__metadata__":{"a":"","a":""}})", 0).find("'a' twice") != std::string::npos);
}

TEST_CASE("a tensor that cannot be is refused") {
  REQUIRE(complaint_about(tensor(R"("F32")", "[2]", "[0,8]"), 8).empty());
  CHECK(complaint_about(tensor(R"("BF16")", "[4]", "[0,8]"), 8) ==
        "at byte 8 found the type 'BF16' of tensor 'a' in the header, expected F32, F64, I64 or U8");
  CHECK(complaint_about(tensor("4", "[2]", "[0,8]"), 8).find("number 4 for dtype of tensor 'a'") !=
        std::string::npos);
  CHECK(complaint_about(tensor(R"("F32")", "[-2]", "[0,8]"), 8) ==
        "at byte 8 found the number -2 for shape of tensor 'a' in the header, expected a list of at most 32 "
        "integers of at least 0");
  for (const std::string shape : {"2", "[2.0]", "[1e3]", "[[2]]", "[null]", "[true]", "[\"2\"]", "{}",
                                  "[9223372036854775808]", "[99999999999999999999]"}) {
    CAPTURE(shape);
    CHECK(complaint_about(tensor(R"("F32")", shape, "[0,8]"), 8).find(" for shape of tensor 'a'") !=
          std::string::npos);
  }
  std::string many = "[1";
  for (int i = 0; i < 32; ++i) many += ",1";
  CHECK(complaint_about(tensor(R"("F32")", many + "]", "[0,4]"), 4).find("for shape") != std::string::npos);
  for (const std::string offsets : {"[0]", "[]", "[0,8,8]", "[-1,7]", "8", "[0.0,8]"}) {
    CAPTURE(offsets);
    CHECK(complaint_about(tensor(R"("F32")", "[2]", offsets), 8).find("data_offsets") != std::string::npos);
  }
  CHECK(complaint_about(R"({"a":{"dtype":"F32","shape":[2]}})", 8) ==
        "at byte 8 found tensor 'a' without all of its fields in the header, expected dtype, shape and two "
        "data_offsets");
  CHECK(complaint_about(R"({"a":{"dtype":"F32","dtype":"F32"}})", 8).find("'dtype' twice") !=
        std::string::npos);
  CHECK(complaint_about(R"({"a":{"strides":[1]}})", 8).find("'strides' in tensor 'a'") != std::string::npos);
  const std::string one = R"("a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  CHECK(complaint_about("{" + one + "," + one + "}", 0).find("'a' twice") != std::string::npos);
}

TEST_CASE("places that do not cover the data exactly are refused") {
  CHECK(complaint_about(tensor(R"("F32")", "[2]", "[0,8]"), 7) ==
        "found tensor 'a' at the bytes 0 to 8, expected a place within the 7 bytes after the header");
  CHECK(complaint_about(tensor(R"("F32")", "[2]", "[8,0]"), 8).find("expected a place within") !=
        std::string::npos);
  CHECK(complaint_about(tensor(R"("F32")", "[2]", "[0,18446744073709551615]"), 8)
            .find("expected a place within") != std::string::npos);
  CHECK(complaint_about(tensor(R"("F32")", "[3]", "[0,8]"), 8) ==
        "found 8 bytes for tensor 'a', expected the 12 of its type and shape");
  CHECK(complaint_about(tensor(R"("F32")", "[4611686018427387904,4]", "[0,0]"), 0) ==
        "found a shape of tensor 'a' that no memory holds, expected one of its bytes 0 to 0");
  CHECK(complaint_about(tensor(R"("F64")", "[0,9223372036854775807,9]", "[0,0]"), 0)
            .find("that no memory holds") != std::string::npos);
  CHECK(complaint_about(tensor(R"("F32")", "[2]", "[0,8]"), 9) ==
        "found 1 bytes after the last tensor, expected none");
  CHECK(complaint_about("{}", 3) == "found 3 bytes after the last tensor, expected none");
  CHECK(complaint_about(tensor(R"("F32")", "[2]", "[4,12]"), 12) ==
        "found nothing at the bytes 0 to 4, expected tensors without gaps");
  const auto two = [](const std::string& first, const std::string& second) {
    return R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + first +
           R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}";
  };
  REQUIRE(complaint_about(two("[4,8]", "[0,4]"), 8).empty());
  CHECK(complaint_about(two("[0,4]", "[2,6]"), 6) ==
        "found tensor 'b' at the bytes 2 to 6, where another lies, expected no overlaps");
  CHECK(complaint_about(two("[0,4]", "[0,4]"), 4).find("where another lies") != std::string::npos);
}

TEST_CASE("neither depth nor length of a header harms, and messages stay one short line") {
  std::string lists = R"({"a":)";
  lists.append(2'000'000, '[');
  CHECK(complaint_about(lists, 0).find("a list for 'a'") != std::string::npos);
  std::string objects = "{";
  for (int i = 0; i < 200'000; ++i) objects += R"("a":{)";
  CHECK(complaint_about(objects, 0) ==
        "at byte 8 found 'a' in tensor 'a' in the header, expected dtype, shape and data_offsets");
  std::string name = "{\"line\\n";
  name.append(100'000, 'n').append("\":1}");
  CHECK(complaint_about(name, 0).size() < 200);
}

TEST_CASE("no file that lacks bytes is read, and none whose numbers have changed") {
  const TensorFile original = small();
  const std::string bytes = to_safetensors(original);
  const TemporaryFolder folder;
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_THROWS_AS((void)read_safetensors(folder.write("file", bytes.substr(0, size))), IoError);
  CHECK_THROWS_AS((void)read_safetensors(folder.write("file", bytes + '\0')), IoError);
  std::size_t read = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      try {
        const TensorFile file = read_safetensors(folder.write("file", damaged));
        // Names, shapes and texts can become others, which whoever looks for them sees; numbers cannot.
        std::map<std::string, std::size_t> found;
        for (const auto& [name, tensor] : file.tensors) ++found[tensor.bytes];
        for (const auto& [name, tensor] : original.tensors) --found[tensor.bytes];
        for (const auto& [tensor, count] : found) CHECK(count == 0);
        ++read;
      } catch (const IoError&) {
        continue;
      }
    }
  }
  CHECK(read > 0);
  CHECK(read < bytes.size() * 8 / 4);
}

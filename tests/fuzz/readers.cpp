#include "tests/fuzz/readers.hpp"

#include <algorithm>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace fuzz {

const std::vector<Reader>& readers() {
  static const std::vector<Reader> all = {
      {"checkpoint", checkpoint},
      {"config", config},
      {"csv", csv},
      {"diagnostics", diagnostics},
      {"grid", grid},
      {"gzip", gzip},
      {"idx", idx},
      {"looks", looks},
      {"metrics", metrics},
      {"model", model},
      {"record", record},
      {"report", report},
      {"safetensors", safetensors},
      {"spec", spec},
      {"timings", timings},
  };
  return all;
}

const std::filesystem::path& scratch_folder() {
  static const test::TemporaryFolder folder;
  return folder.path();
}

std::filesystem::path file(std::string_view bytes, const std::filesystem::path& path) {
  std::filesystem::path full = scratch_folder() / path;
  std::ofstream stream(full, std::ios::binary);
  if (!stream) {
    std::filesystem::create_directories(full.parent_path());
    stream.open(full, std::ios::binary);
  }
  stream << bytes;
  stream.close();
  require(stream.good(), "no place for files in " + full.string());
  return full;
}

void require(bool holds, const std::string& sentence) {
  if (!holds) throw Broken(sentence);
}

void require_printable(const std::string& text) {
  const bool harmless = std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
  });
  require(harmless, "a control character in a report");
}

}  // namespace fuzz

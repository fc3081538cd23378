#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/fuzz/readers.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string content(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("every reader has a corpus, and nothing else has") {
  std::vector<std::string> names;
  for (const fuzz::Reader& reader : fuzz::readers()) names.push_back(reader.name);
  std::vector<std::string> folders;
  for (const fs::path& folder : entries(SOAP_TEST_CORPUS)) folders.push_back(folder.filename().string());
  CHECK(folders == names);
}

TEST_CASE("each input of the corpus is taken or refused, as its folder says") {
  for (const fuzz::Reader& reader : fuzz::readers()) {
    for (const bool taken : {true, false}) {
      const auto inputs = entries(fs::path(SOAP_TEST_CORPUS) / reader.name / (taken ? "taken" : "refused"));
      CHECK_FALSE(inputs.empty());
      for (const fs::path& input : inputs) {
        INFO("input: ", input.string());
        bool found = !taken;
        CHECK_NOTHROW(found = reader.read(content(input)));
        CHECK(found == taken);
      }
    }
  }
}

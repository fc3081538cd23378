// The program mnist_train, run in a folder of its own.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "soap/base/text.hpp"

#include "tests/apps/programs.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace test {

using Words = std::vector<std::string>;

inline Words operator+(Words first, const Words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// Data and a network that train in a moment.
inline const Words small = {"--data", "synthetic:train=2000:test=500", "--hidden", "16", "--epochs", "1"};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// A table without its columns of time, which differ from run to run. No cell of the table is quoted.
inline std::string without_time(const std::string& table) {
  const auto cells_of = [](const std::string& line) { return soap::split(line, ','); };
  const auto lines = lines_of(table);
  if (lines.empty()) return "";
  const std::vector<std::string> header = cells_of(lines.front());
  std::string text;
  for (const auto& line : lines) {
    const std::vector<std::string> cells = cells_of(line);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool time = i < header.size() && (header[i] == "seconds" || header[i] == "examples_per_second");
      text += (time ? "" : cells[i]) + (i + 1 < cells.size() ? "," : "\n");
    }
  }
  return text;
}

/// Text that was broken into lines, in one.
inline std::string unwrapped(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// The names in a folder, sorted; hidden ones too.
inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

struct Outcome {
  int status;
  std::string out;
  std::string err;
};

/// An empty working folder for runs of the program.
class Workshop {
 public:
  Workshop() { std::filesystem::create_directory(folder()); }

  [[nodiscard]] std::filesystem::path folder() const { return all_.path() / "work"; }
  [[nodiscard]] std::filesystem::path logs() const { return all_.path(); }
  [[nodiscard]] std::string read(const std::string& file) const { return text_of(folder() / file); }

  [[nodiscard]] Words command(const Words& flags) const { return Words{mnist_train_program} + flags; }
  [[nodiscard]] Outcome run(const Words& flags) const { return run(flags, {folder(), logs()}); }
  [[nodiscard]] Outcome run(const Words& flags, const Surroundings& around) const {
    Program program(command(flags), around);
    const int status = program.wait();
    return {status, program.out(), program.err()};
  }

 private:
  TemporaryFolder all_;
};

}  // namespace test

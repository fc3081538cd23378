#include "soap/experiment/provenance.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

#include "soap/base/error.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/base/text.hpp"
#include "soap/io/csv.hpp"
#include "soap/io/folder.hpp"

namespace soap::inline SOAP_ABI {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// Between as many backticks as it takes, so that nothing in the text is Markdown.
std::string code(std::string text) {
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const std::string space = longest > 0 ? " " : "";
  return std::string(fence).append(space).append(text).append(space).append(fence);
}

std::string shell_word(const std::string& word) {
  constexpr std::string_view plain = "_@%+=:,./-";
  const auto is_plain = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           plain.find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  const bool control = std::any_of(word.begin(), word.end(), is_control);
  std::string text = control ? "$'" : "'";
  for (const char c : word) {
    if (is_control(c)) {
      std::array<char, 5> octal{};
      std::snprintf(octal.data(), octal.size(), "\\%03o", static_cast<unsigned>(c));
      text += octal.data();
    } else if (control) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    } else {
      text += c == '\'' ? "'\\''" : std::string(1, c);
    }
  }
  return text + '\'';
}

std::string counted(std::size_t count, const std::string& one, const std::string& more) {
  return with_thousands(static_cast<std::int64_t>(count)) + " " + (count == 1 ? one : more);
}

// A text at a path such as "/versions/soap"; nothing where there is none.
std::optional<std::string> text_at(const json& config, const std::string& pointer) {
  const json::json_pointer at(pointer);
  if (!config.contains(at)) return std::nullopt;
  const json& found = config.at(at);
  if (found.is_string()) return found.get<std::string>().empty() ? std::nullopt : std::optional(found);
  if (found.is_number()) return found.dump();
  return std::nullopt;
}

std::string code_or_unknown(const json& config, const std::string& pointer) {
  const auto text = text_at(config, pointer);
  return text ? code(*text) : "not known";
}

std::string command_line(const json& config) {
  const auto found = config.find("command");
  if (found == config.end() || !found->is_array() || found->empty()) return "not known";
  std::vector<std::string> words;
  for (const json& word : *found) {
    if (!word.is_string()) return "not known";
    words.push_back(word.get<std::string>());
  }
  return code(shell_command(words));
}

std::string configuration(const fs::path& file) {
  const std::string unknown = ": data, command, version and machine are not known.\n";
  const std::string expected = "a sweep's configuration";
  json config;
  try {
    if (kind_of(file, expected) == FileKind::none) return "- config.json is missing" + unknown;
    config = json::parse(read_ordinary_file(file, expected), nullptr, false);
  } catch (const IoError& error) {
    return "- config.json cannot be read (found " + code(error.found()) + ")" + unknown;
  }
  if (!config.is_object()) return "- config.json is damaged" + unknown;
  std::string text = "- Data: " + code_or_unknown(config, "/data");
  if (const auto source = text_at(config, "/data_source")) text += ", which `--data` names " + code(*source);
  if (const auto fingerprint = text_at(config, "/data_fingerprint"))
    text += ", fingerprint " + code(*fingerprint);
  text += ".\n- Made by: " + command_line(config);
  text += ", last started " + code_or_unknown(config, "/started") + ".\n- Library: version " +
          code_or_unknown(config, "/versions/soap") + " in " + code_or_unknown(config, "/versions/scalar") +
          ", compiled by " + code_or_unknown(config, "/versions/compiler") + " with Eigen " +
          code_or_unknown(config, "/versions/eigen") +
          ".\n- Machine: " + code_or_unknown(config, "/machine/processor") + ", " +
          code_or_unknown(config, "/machine/hardware_threads") + " hardware threads, instruction set " +
          code_or_unknown(config, "/machine/instruction_set") + ", that of the process started last.\n";
  return text;
}

struct Timings {
  double seconds = 0;
  std::size_t rows = 0;
  std::set<std::string> keys;
  std::size_t processes = 0;
  std::size_t damaged = 0;  // files, in whole or in part
};

void read_timings(const fs::path& file, Timings& timings) {
  try {
    const CsvTable table = read_csv(file);
    const std::size_t key = table.column("key");
    const std::size_t seconds = table.column("seconds");
    // Of a table that is found damaged on the way nothing counts.
    std::vector<double> found;
    for (std::size_t row = 0; row < table.rows(); ++row)
      found.push_back(table.required(row, seconds, "seconds"));
    for (std::size_t row = 0; row < table.rows(); ++row) {
      timings.seconds += found[row];
      timings.keys.emplace(table.text(row, key));
    }
    timings.rows += found.size();
    ++timings.processes;
  } catch (const IoError&) {
    ++timings.damaged;
  }
}

std::vector<fs::path> files_in(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> files;
  if (kind_of(folder, "a folder of a sweep") == FileKind::none) return files;
  for (const std::string& name : OpenFolder(folder).names()) {
    if (fs::path(name).extension() == extension) files.push_back(folder / name);
  }
  return files;
}

std::string core_time(double seconds) {
  if (seconds < 120) return fixed(seconds, 1) + " core-seconds";
  if (seconds < 2 * 3600) return fixed(seconds / 60, 1) + " core-minutes";
  return fixed(seconds / 3600, 1) + " core-hours";
}

std::string known_compute(const fs::path& out) {
  Timings timings;
  for (const fs::path& file : files_in(out / "timings", ".csv")) read_timings(file, timings);
  const std::string unreadable =
      timings.damaged == 0 ? ""
                           : "; " + counted(timings.damaged, "file of timings is", "files of timings are") +
                                 " damaged and not counted";
  if (timings.rows == 0) return "- Compute: not known, for there are no timings" + unreadable + ".\n";
  std::string text = "- Compute: " + core_time(timings.seconds) + " over " +
                     counted(timings.keys.size(), "trial", "trials") + " by " +
                     counted(timings.processes, "process", "processes");
  if (const std::size_t again = timings.rows - timings.keys.size(); again > 0)
    text += ", with " + counted(again, "repeated run", "repeated runs");
  std::size_t untimed = 0;
  for (const fs::path& file : files_in(out / "trials", ".json"))
    untimed += timings.keys.contains(file.stem().string()) ? 0 : 1;
  if (untimed > 0)
    text += "; without " + counted(untimed, "result that has", "results that have") + " no timing";
  return text + unreadable + ".\n";
}

std::string compute(const fs::path& out) {
  try {
    return known_compute(out);
  } catch (const IoError& error) {
    return "- Compute: not known, for a folder cannot be read (" + code(error.what()) + ").\n";
  }
}

}  // namespace

std::string shell_command(const std::vector<std::string>& words) {
  std::vector<std::string> quoted(words.size());
  std::transform(words.begin(), words.end(), quoted.begin(), shell_word);
  return join(quoted, " ");
}

std::string provenance(const fs::path& out) { return configuration(out / "config.json") + compute(out); }

}  // namespace soap::inline SOAP_ABI

#include "soap/report/provenance.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "soap/base/error.hpp"
#include "soap/base/foreign_text.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/base/text.hpp"
#include "soap/io/csv.hpp"
#include "soap/io/folder.hpp"
#include "soap/trial/json_fields.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

std::string counted(std::size_t count, const std::string& one, const std::string& more) {
  return with_thousands(static_cast<std::int64_t>(count)) + " " + (count == 1 ? one : more);
}

// A text at a path such as "/versions/soap"; nothing where there is none.
std::optional<std::string> text_at(const ordered_json& config, const std::string& pointer) {
  const ordered_json::json_pointer at(pointer);
  if (!config.contains(at)) return std::nullopt;
  const ordered_json& found = config.at(at);
  if (found.is_number()) return found.dump();
  auto text = text_of_json(found);
  return text && !text->empty() ? std::move(text) : std::nullopt;
}

std::string code_or_unknown(const ordered_json& config, const std::string& pointer) {
  const auto text = text_at(config, pointer);
  return text ? markdown_code(*text) : "not known";
}

std::string command_line(const ordered_json& config) {
  const auto found = config.find("command");
  if (found == config.end() || !found->is_array() || found->empty()) return "not known";
  std::vector<std::string> words;
  for (const ordered_json& word : *found) {
    auto text = text_of_json(word);
    if (!text) return "not known";
    words.push_back(*std::move(text));
  }
  return markdown_code(shell_command(words));
}

ordered_json parse_configuration(const std::string& bytes, const std::string& path) {
  try {
    return parse_json(bytes, path, "the configuration of a sweep");
  } catch (const IoError&) {
    return nullptr;
  }
}

std::string configuration(const fs::path& file) {
  const std::string unknown = ": data, command, version and machine are not known.\n";
  const std::string expected = "a sweep's configuration";
  std::string bytes;
  try {
    if (kind_of(file, expected) == FileKind::none) return "- config.json is missing" + unknown;
    bytes = read_ordinary_file(file, expected);
  } catch (const IoError& error) {
    return "- config.json cannot be read (found " + markdown_code(error.found()) + ")" + unknown;
  }
  const ordered_json config = parse_configuration(bytes, file.string());
  if (!config.is_object()) return "- config.json is damaged" + unknown;
  std::string text = "- Data: " + code_or_unknown(config, "/data");
  if (const auto source = text_at(config, "/data_source"))
    text += ", which `--data` names " + markdown_code(*source);
  if (const auto fingerprint = text_at(config, "/data_fingerprint"))
    text += ", fingerprint " + markdown_code(*fingerprint);
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
    return "- Compute: not known, for a folder cannot be read (" + markdown_code(error.what()) + ").\n";
  }
}

}  // namespace

std::string provenance(const fs::path& out) { return configuration(out / "config.json") + compute(out); }

}  // namespace SOAP_ABI
}  // namespace soap

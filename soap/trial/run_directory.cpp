#include "soap/trial/run_directory.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/diagnostics_csv.hpp"
#include "soap/io/folder.hpp"
#include "soap/io/metrics_csv.hpp"
#include "soap/trial/run_config.hpp"
#include "soap/trial/trial_files.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace fs = std::filesystem;

namespace {

constexpr const char* config_name = "config.json";
constexpr std::array result_names = {"metrics.csv", "summary.csv",     "comparison.csv",
                                     "curves.png",  "diagnostics.csv", "diagnostics.png"};
constexpr std::array saved_folders = {models_folder, checkpoints_folder};

// What has to be made for `path` to be a folder, the innermost first.
std::vector<fs::path> missing_folders(fs::path path) {
  std::vector<fs::path> missing;
  // A link that leads nowhere is somebody's, and no folder is made in its place.
  for (; !path.empty() && kind_of(path, "a folder or a new name", Links::kept) == FileKind::none;
       path = path.parent_path())
    missing.push_back(path);
  return missing;
}

// The models and checkpoints of the trials in a config.json; none of a text that is no run's configuration.
std::vector<fs::path> saved_files(const std::string& config_json) {
  std::vector<fs::path> files;
  try {
    for (const TrialFiles& trial : trial_files(parse_config(config_json, config_name), {})) {
      files.push_back(trial.model);
      files.push_back(trial.checkpoint);
    }
  } catch (const IoError&) {
    return {};
  } catch (const std::invalid_argument&) {
    return {};  // with a rule that this version does not know
  }
  return files;
}

void check_is(const fs::path& path, FileKind wanted, const std::string& expected) {
  const FileKind kind = kind_of(path, expected, Links::kept);
  if (kind == FileKind::none || kind == wanted) return;
  throw IoError(path.string(), IoError::no_offset, to_text(kind), expected);
}

}  // namespace

GrowingTable::GrowingTable(fs::path path, std::string_view header)
    : path_(std::move(path)),
      file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666)) {
  if (!file_.is_open()) throw_errno(path_, "opening", errno, writable_file);
  append(header);
  flush_folder(path_.has_parent_path() ? path_.parent_path() : fs::path("."), path_);
}

void GrowingTable::append(std::string_view rows) {
  const auto cut_and_fail = [&](const std::string& doing, int error) {
    // Half a row would make the whole file unreadable.
    [[maybe_unused]] const int cut = ::ftruncate(file_.number(), size_);
    (void)file_.close();
    throw_errno(path_, doing, error, writable_file);
  };
  if (const int error = write_all(file_, rows); error != 0) cut_and_fail("writing", error);
  if (::fsync(file_.number()) != 0) cut_and_fail("flushing to the disk", errno);
  size_ += static_cast<std::int64_t>(rows.size());
}

void GrowingTable::finish() {
  if (const int error = file_.close(); error != 0) throw_errno(path_, "closing", error, writable_file);
}

RunDirectory::RunDirectory(fs::path path, IfExists if_exists, std::string_view config_json)
    : path_(std::move(path)) {
  const bool choose = if_exists == IfExists::choose_another;
  if (!choose) check_place(if_exists);
  std::vector<fs::path> made = missing_folders(choose ? path_.parent_path() : path_);
  bool begun = false;
  try {
    if (choose) {
      path_ = make_new_folder(path_);
      made.insert(made.begin(), path_);
    } else {
      make_folder(path_);
    }
    lock_.emplace(path_);
    // Another run may have come and gone before the lock was had.
    check_place(if_exists);
    begun = true;
    remove_results(if_exists, config_json);
    write_file_atomically(config(), config_json);
    metrics_.emplace(metrics(), metrics_header());
  } catch (...) {
    // A run that never started leaves nothing behind, and touches nothing of another process's.
    std::error_code ignored;
    if (!made.empty() && begun) {
      for (const auto& file : {config(), metrics()}) fs::remove(file, ignored);
    }
    lock_.reset();
    for (const auto& folder : made) fs::remove(folder, ignored);
    throw;
  }
}

void RunDirectory::check_place(IfExists if_exists) const {
  const std::string expected = "a folder or a new name";
  const FileKind kind = kind_of(path_, expected);
  if (kind == FileKind::none) return;
  if (kind != FileKind::folder) throw IoError(path_.string(), IoError::no_offset, to_text(kind), expected);
  if (if_exists == IfExists::refuse && !is_unused(path_)) {
    throw std::invalid_argument("run directory '" + path_.string() +
                                "' exists, expected a new name (or --overwrite)");
  }
  check_is(config(), FileKind::file, "a file of an earlier run, or nothing");
  for (const char* name : result_names)
    check_is(path_ / name, FileKind::file, "a file of an earlier run, or nothing");
  for (const char* name : saved_folders)
    check_is(path_ / name, FileKind::folder, "a folder of an earlier run, or nothing");
}

void RunDirectory::remove_results(IfExists if_exists, std::string_view config_json) const {
  const OpenFolder folder(path_);
  std::vector<fs::path> saved;
  if (if_exists == IfExists::overwrite) {
    saved = saved_files(std::string(config_json));
    if (kind_of(config(), "a run's configuration") == FileKind::file) {
      const auto earlier = saved_files(read_ordinary_file(config(), "a run's configuration"));
      saved.insert(saved.end(), earlier.begin(), earlier.end());
    }
  }
  for (const char* name : result_names) folder.remove(name);
  folder.remove_dead_temporary_files();
  for (const char* name : saved_folders) {
    const auto inside = folder.inside(name);
    if (!inside) continue;
    inside->remove_dead_temporary_files();
    for (const fs::path& file : saved) {
      if (file.parent_path() == name) inside->remove(file.filename().string());
    }
    // One that holds something else stays.
    if (if_exists == IfExists::overwrite) folder.remove_if_empty(name);
  }
}

void RunDirectory::append_metrics(std::string_view rows) { metrics_->append(rows); }

void RunDirectory::append_diagnostics(std::string_view rows) {
  if (rows.empty()) return;
  if (!diagnostics_) diagnostics_.emplace(diagnostics(), diagnostics_header());
  diagnostics_->append(rows);
}

void RunDirectory::write_summary(std::string_view csv) {
  for (auto* table : {&metrics_, &diagnostics_}) {
    if (*table) (*table)->finish();
  }
  write_file_atomically(summary(), csv);
}

}  // namespace SOAP_ABI
}  // namespace soap

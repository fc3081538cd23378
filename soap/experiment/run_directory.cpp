#include "soap/experiment/run_directory.hpp"

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/diagnostics_csv.hpp"
#include "soap/io/folder.hpp"
#include "soap/io/metrics_csv.hpp"

namespace soap::inline SOAP_ABI {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail_writing(const fs::path& file, const std::string& doing, int error) {
  throw IoError(file.string(), IoError::no_offset,
                "'" + std::generic_category().message(error) + "' when " + doing,
                "a file that can be written");
}

// What has to be made for `path` to be a folder, the innermost first.
std::vector<fs::path> missing_folders(fs::path path) {
  std::vector<fs::path> missing;
  std::error_code error;
  // A link that leads nowhere is somebody's, and no folder is made in its place.
  for (; !path.empty() && !fs::exists(fs::symlink_status(path, error)); path = path.parent_path())
    missing.push_back(path);
  return missing;
}

}  // namespace

GrowingTable::GrowingTable(fs::path path, std::string_view header) : path_(std::move(path)) {
  errno = 0;
  stream_.open(path_, std::ios::binary | std::ios::trunc);
  if (!stream_) fail_writing(path_, "opening", errno);
  append(header);
}

void GrowingTable::append(std::string_view rows) {
  errno = 0;
  stream_.write(rows.data(), static_cast<std::streamsize>(rows.size()));
  stream_.flush();
  if (!stream_) {
    const int error = errno;
    // Half a row would make the whole file unreadable.
    stream_.close();
    std::error_code ignored;
    fs::resize_file(path_, size_, ignored);
    fail_writing(path_, "writing", error);
  }
  size_ += rows.size();
}

void GrowingTable::finish() {
  if (!stream_.is_open()) return;
  errno = 0;
  stream_.close();
  if (!stream_) fail_writing(path_, "closing", errno);
}

RunDirectory::RunDirectory(fs::path path, IfExists if_exists, std::string_view config_json)
    : path_(std::move(path)) {
  check_place(if_exists);
  const std::vector<fs::path> made = missing_folders(path_);
  try {
    make_folder(path_);
    remove_results(if_exists);
    write_file_atomically(config(), config_json);
    metrics_.emplace(metrics(), metrics_header());
  } catch (...) {
    // A run that never started leaves nothing behind.
    std::error_code ignored;
    if (!made.empty()) {
      for (const auto& file : {config(), metrics()}) fs::remove(file, ignored);
    }
    for (const auto& folder : made) fs::remove(folder, ignored);
    throw;
  }
}

void RunDirectory::check_place(IfExists if_exists) const {
  const std::string name = path_.string();
  std::error_code error;
  if (!fs::exists(path_, error)) return;
  if (!fs::is_directory(path_, error)) {
    throw IoError(name, IoError::no_offset, "a file", "a folder or a new name");
  }
  if (if_exists == IfExists::refuse && !fs::is_empty(path_, error)) {
    throw std::invalid_argument("run directory '" + name + "' exists, expected a new name (or --overwrite)");
  }
  std::vector<fs::path> files = results();
  files.push_back(config());
  for (const auto& file : files) {
    if (fs::is_directory(file, error)) {
      throw IoError(file.string(), IoError::no_offset, "a folder", "a file of an earlier run, or nothing");
    }
  }
}

std::vector<fs::path> RunDirectory::results() const {
  return {metrics(), summary(), comparison(), curves(), diagnostics(), diagnostics_picture()};
}

void RunDirectory::remove_results(IfExists if_exists) const {
  std::vector<fs::path> old = results();
  for (const auto& folder : {path_, path_ / models_folder, path_ / checkpoints_folder}) {
    const bool saved = folder != path_ && if_exists == IfExists::overwrite;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      const std::string name = entry.path().filename().string();
      // The second kind is left where a program was killed while it wrote.
      if ((saved && name.ends_with(".safetensors")) || (name.starts_with(".soap-") && name.ends_with(".tmp")))
        old.push_back(entry.path());
    }
  }
  for (const auto& file : old) {
    std::error_code error;
    fs::remove(file, error);
    if (error) fail_writing(file, "removing", error.value());
  }
  if (if_exists == IfExists::resume) return;
  // Those that hold something else stay.
  std::error_code ignored;
  for (const char* folder : {models_folder, checkpoints_folder}) fs::remove(path_ / folder, ignored);
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

}  // namespace soap::inline SOAP_ABI

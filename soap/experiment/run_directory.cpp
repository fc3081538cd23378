#include "soap/experiment/run_directory.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/metrics_csv.hpp"

namespace soap::inline SOAP_ABI {

namespace fs = std::filesystem;

RunDirectory::RunDirectory(fs::path path, IfExists if_exists, std::string_view config_json)
    : path_(std::move(path)) {
  const std::string name = path_.string();
  std::error_code error;
  if (fs::exists(path_, error) && !fs::is_directory(path_, error)) {
    throw IoError(name, IoError::no_offset, "a file", "a folder or a new name");
  }
  if (if_exists == IfExists::refuse && fs::exists(path_, error) && !fs::is_empty(path_, error)) {
    throw std::invalid_argument("run directory '" + name + "' exists, expected a new name (or --overwrite)");
  }
  fs::create_directories(path_, error);
  if (error)
    throw IoError(name, IoError::no_offset, "a folder that cannot be made (" + error.message() + ")",
                  "one that can");
  for (const auto& old : {metrics(), summary(), curves()}) fs::remove(old, error);
  write_file_atomically(path_ / "config.json", config_json);
  metrics_.open(metrics(), std::ios::binary | std::ios::trunc);
  append_metrics(metrics_header());
}

void RunDirectory::append_metrics(std::string_view rows) {
  metrics_.write(rows.data(), static_cast<std::streamsize>(rows.size()));
  metrics_.flush();
  if (!metrics_) {
    throw IoError(metrics().string(), IoError::no_offset,
                  "that it cannot be written (" + std::generic_category().message(errno) + ")",
                  "a disk with room");
  }
}

void RunDirectory::write_summary(std::string_view csv) const { write_file_atomically(summary(), csv); }

}  // namespace soap::inline SOAP_ABI

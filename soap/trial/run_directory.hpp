// The folder that one command leaves behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/descriptor.hpp"
#include "soap/io/folder_lock.hpp"

namespace soap {
inline namespace SOAP_ABI {

enum class IfExists {
  refuse,
  overwrite,
  choose_another,  ///< a folder that was not there: NAME, or the first that is free of NAME-2, NAME-3, ...
  resume,          ///< results are made anew, from the models and checkpoints that are there
};

/// Folders in a run directory.
inline constexpr const char* models_folder = "models";
inline constexpr const char* checkpoints_folder = "checkpoints";

/// A table on the disk that grows by whole rows, which a power cut does not take back.
class GrowingTable {
 public:
  /// Makes the file, where there is nothing of that name, with its header. Throws IoError.
  GrowingTable(std::filesystem::path path, std::string_view header);
  /// Throws IoError when the rows cannot be written, and keeps those before them.
  void append(std::string_view rows);
  /// The last thing to be called: throws IoError when the system says only now that rows are lost, as network
  /// file systems do.
  void finish();

 private:
  std::filesystem::path path_;
  Descriptor file_;
  std::int64_t size_ = 0;  // of the rows that are whole, in bytes
};

/// A folder, held by this process alone, with config.json, metrics.csv, summary.csv, comparison.csv and
/// curves.png, where the instruments were on diagnostics.csv and diagnostics.png, and where they were asked
/// for models and checkpoints.
class RunDirectory {
 public:
  /// Makes the folder, and its parents, with its config.json and an empty metrics.csv. A folder that holds
  /// anything is refused with std::invalid_argument, or with `overwrite` loses the files of an earlier run,
  /// with the models and checkpoints of the trials in its config.json, and nothing else, with `resume` all of
  /// these but models and checkpoints. Throws IoError when another program works in it, and when it cannot be
  /// written; what was made is then removed again.
  RunDirectory(std::filesystem::path path, IfExists if_exists, std::string_view config_json);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path config() const { return path_ / "config.json"; }
  [[nodiscard]] std::filesystem::path metrics() const { return path_ / "metrics.csv"; }
  [[nodiscard]] std::filesystem::path summary() const { return path_ / "summary.csv"; }
  [[nodiscard]] std::filesystem::path comparison() const { return path_ / "comparison.csv"; }
  [[nodiscard]] std::filesystem::path curves() const { return path_ / "curves.png"; }

  [[nodiscard]] std::filesystem::path diagnostics() const { return path_ / "diagnostics.csv"; }
  [[nodiscard]] std::filesystem::path diagnostics_picture() const { return path_ / "diagnostics.png"; }

  /// Whether nobody else can come to work in the folder; false where its file system knows no locks.
  [[nodiscard]] bool is_held() const { return lock_->is_held(); }

  /// Adds whole rows to metrics.csv. Throws as GrowingTable.
  void append_metrics(std::string_view rows);
  /// The same for diagnostics.csv, which is made when its first rows come.
  void append_diagnostics(std::string_view rows);
  /// The last file of a run: no rows come after it.
  void write_summary(std::string_view csv);

 private:
  void check_place(IfExists if_exists) const;
  void remove_results(IfExists if_exists, std::string_view config_json) const;

  std::filesystem::path path_;
  std::optional<FolderLock> lock_;
  std::optional<GrowingTable> metrics_;
  std::optional<GrowingTable> diagnostics_;
};

}  // namespace SOAP_ABI
}  // namespace soap

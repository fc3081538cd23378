// The folder that one command leaves behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "soap/base/scalar.hpp"

namespace soap::inline SOAP_ABI {

enum class IfExists { refuse, overwrite };

/// A folder with config.json, metrics.csv, summary.csv and curves.png.
class RunDirectory {
 public:
  /// Makes the folder, and its parents, with its config.json and an empty metrics.csv. A folder that holds
  /// anything is refused with std::invalid_argument, or with `overwrite` loses the four files of an earlier
  /// run and nothing else. Throws IoError when it cannot be written; what was made is then removed again.
  RunDirectory(std::filesystem::path path, IfExists if_exists, std::string_view config_json);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path config() const { return path_ / "config.json"; }
  [[nodiscard]] std::filesystem::path metrics() const { return path_ / "metrics.csv"; }
  [[nodiscard]] std::filesystem::path summary() const { return path_ / "summary.csv"; }
  [[nodiscard]] std::filesystem::path curves() const { return path_ / "curves.png"; }

  /// Adds whole rows to metrics.csv. Throws IoError when they cannot be written, and keeps those before them.
  void append_metrics(std::string_view rows);
  void write_summary(std::string_view csv) const;

 private:
  void check_place(IfExists if_exists) const;

  std::filesystem::path path_;
  std::ofstream metrics_;
  std::uintmax_t metrics_size_ = 0;  // of the rows that are whole
};

}  // namespace soap::inline SOAP_ABI

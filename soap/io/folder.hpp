// Folders that survive a power cut, and that nobody else can turn into others.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "soap/base/descriptor.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Makes the folder and its parents where they are missing, and flushes the names of the new ones to the
/// disk: files in them are worth nothing when the folder itself is gone. Throws IoError.
void make_folder(const std::filesystem::path& path);

/// Makes a folder that was not there, as `make_folder`, and returns its name: `path`, or where that is taken
/// the first that is free of `path`-2, `path`-3, ... Of several processes that ask at once each gets its own.
std::filesystem::path make_new_folder(const std::filesystem::path& path);

/// Throws IoError for a symbolic link. Folders inside a folder that others can write to are their owner's
/// only where they are no links.
void refuse_link(const std::filesystem::path& path);

/// Flushes the names in a folder to the disk, where the file system can. Throws IoError that names `of`, what
/// was made in the folder.
void flush_folder(const std::filesystem::path& folder, const std::filesystem::path& of);

/// A folder, and what is done to the names in it, whatever comes to bear its own name meanwhile. No link in
/// it is followed.
class OpenFolder {
 public:
  /// Throws IoError. A link to a folder is followed.
  explicit OpenFolder(const std::filesystem::path& path);

  /// The folder of that name; none where there is nothing. Throws IoError for anything else, links included.
  [[nodiscard]] std::optional<OpenFolder> inside(const std::string& name) const;
  /// All names, sorted, without "." and "..". Throws IoError.
  [[nodiscard]] std::vector<std::string> names() const;
  /// Removes a file, or a link and not what it leads to. Throws IoError unless it is gone then.
  void remove(const std::string& name) const;
  /// Removes a folder that holds nothing, and leaves any other.
  void remove_if_empty(const std::string& name) const;
  /// Removes what `write_file_atomically` left in this folder where the program was killed, and nothing that
  /// is still being written.
  void remove_dead_temporary_files() const;

 private:
  OpenFolder(std::filesystem::path path, Descriptor folder);

  std::filesystem::path path_;
  Descriptor folder_;
};

}  // namespace SOAP_ABI
}  // namespace soap

// Folders that survive a power cut.
#pragma once

#include <filesystem>

#include "soap/base/scalar.hpp"

namespace soap::inline SOAP_ABI {

/// Makes the folder and its parents where they are missing, and flushes the names of the new ones to the
/// disk: files in them are worth nothing when the folder itself is gone. Throws IoError.
void make_folder(const std::filesystem::path& path);

/// Flushes the names in a folder to the disk, where the file system can. Throws IoError that names `of`, what
/// was made in the folder.
void flush_folder(const std::filesystem::path& folder, const std::filesystem::path& of);

}  // namespace soap::inline SOAP_ABI

// Pictures as PNG files.
#pragma once

#include <filesystem>
#include <string>

#include "soap/plot/canvas.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The bytes of a PNG file.
std::string encode_png(const Image& image);

/// Throws std::invalid_argument for a path that does not end in ".png", in letters of either case: another
/// ending promises another format.
void check_png_path(const std::filesystem::path& path);

/// Writes the picture whole or not at all; throws IoError, and as `check_png_path`.
void write_png(const Image& image, const std::filesystem::path& path);

}  // namespace SOAP_ABI
}  // namespace soap

// Pictures as PNG files.
#pragma once

#include <filesystem>
#include <string>

#include "soap/plot/canvas.hpp"

namespace soap::inline SOAP_ABI {

/// The bytes of a PNG file.
std::string encode_png(const Image& image);

/// Writes the picture whole or not at all; throws IoError.
void write_png(const Image& image, const std::filesystem::path& path);

}  // namespace soap::inline SOAP_ABI

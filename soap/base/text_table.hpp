// Tables for people to read.
#pragma once

#include <string>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap::inline SOAP_ABI {

/// Aligned columns with a line under the header; the first column to the left, the others to the right. Cells
/// are UTF-8, each code point one place wide; they are made `printable`. Every row has as many cells as the
/// header.
std::string text_table(const std::vector<std::string>& header,
                       const std::vector<std::vector<std::string>>& rows);

}  // namespace soap::inline SOAP_ABI

// Tables for people to read.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Aligned columns with a line under the header; the first column to the left, the others to the right. Cells
/// are UTF-8, each code point one place wide; they are made `printable`. Every row has as many cells as the
/// header.
std::string text_table(const std::vector<std::string>& header,
                       const std::vector<std::vector<std::string>>& rows);

/// The same in at most `columns` places, as far as its words allow: the widest cells are broken into several
/// lines, at spaces (though not at those of "1 ± 2") and in front of the : and / of a rule.
std::string fitting_table(const std::vector<std::string>& header,
                          const std::vector<std::vector<std::string>>& rows, std::size_t columns);

}  // namespace SOAP_ABI
}  // namespace soap

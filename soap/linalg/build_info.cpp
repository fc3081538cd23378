#include "soap/linalg/build_info.hpp"

#include "soap/base/text.hpp"
#include "soap/base/version.hpp"
#include "soap/linalg/instruction_set.hpp"
#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

#ifdef __clang__
constexpr const char* compiler = "Clang " __clang_version__;
#else
constexpr const char* compiler = "GCC " __VERSION__;
#endif

}  // namespace

std::string build_info() {
  return "libsoap " + std::string(version()) + ", " + scalar_name + ", " + compiler + ", Eigen " +
         eigen_version() + ", OpenMP " + std::to_string(_OPENMP) + ", instruction set " + instruction_set() +
         " (of " + join(instruction_sets(), ", ") + ")";
}

std::string eigen_version() {
  return std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
         std::to_string(EIGEN_MINOR_VERSION);
}

}  // namespace SOAP_ABI
}  // namespace soap

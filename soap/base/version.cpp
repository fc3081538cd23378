#include "soap/base/version.hpp"

namespace soap {
inline namespace SOAP_ABI {

const char* version() { return SOAP_VERSION; }

}  // namespace SOAP_ABI
}  // namespace soap

#include "soap/base/version.hpp"

namespace soap::inline SOAP_ABI {

const char* version() { return SOAP_VERSION; }

}  // namespace soap::inline SOAP_ABI

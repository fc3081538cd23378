#include "tests/support/reference_file.hpp"

std::string reference_file(const std::string& name) { return SOAP_TEST_REFERENCE_DIR "/" + name; }

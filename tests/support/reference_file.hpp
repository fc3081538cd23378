// Where the frozen figures are.
#pragma once

#include <string>

/// The path of a file of tests/reference.
std::string reference_file(const std::string& name);

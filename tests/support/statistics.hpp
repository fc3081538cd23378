// The frozen figures in tests/reference/statistics.json, which statistics.py beside it worked out.
#pragma once

#include <fstream>

#include <nlohmann/json.hpp>

#include "tests/support/reference_file.hpp"

namespace soap {

inline const nlohmann::json& reference_statistics() {
  static const nlohmann::json figures = [] {
    std::ifstream file(reference_file("statistics.json"));
    return nlohmann::json::parse(file);
  }();
  return figures;
}

}  // namespace soap

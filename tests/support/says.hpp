// What texts say.
#pragma once

#include <string>

namespace test {

inline bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace test

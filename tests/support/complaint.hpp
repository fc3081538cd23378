// What is said about files that cannot be taken.
#pragma once

#include <string>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"

namespace test {

/// What the IoError that ends the action says after its path, or "" where nothing is thrown.
template <class Action>
std::string complaint_of(Action action) {
  try {
    action();
  } catch (const soap::IoError& error) {
    const std::string text = error.what();
    REQUIRE(text.starts_with(error.path() + ": "));
    return text.substr(error.path().size() + 2);
  }
  return "";
}

}  // namespace test

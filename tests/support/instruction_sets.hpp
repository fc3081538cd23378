// Tests that hold for the loops of every instruction set that this processor has.
#pragma once

#include <doctest/doctest.h>

#include "soap/linalg/instruction_set.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Body>
void for_each_instruction_set(Body body) {
  const std::string before = instruction_set();
  for (const std::string& name : instruction_sets()) {
    CAPTURE(name);
    use_instruction_set(name);
    body();
  }
  use_instruction_set(before);
}

}  // namespace SOAP_ABI
}  // namespace soap

// How many members an aggregate has.
#pragma once

#include <cstddef>
#include <optional>

namespace test {

// What a member can be initialized with: anything, or anything that may be absent, which the first leaves
// open.
struct Anything {
  template <class T>
  operator T&&() const&&;  // NOLINT(google-explicit-constructor)
  template <class T>
  operator T&() const&;  // NOLINT(google-explicit-constructor)
};
struct AnythingOrNot {
  template <class T>
  operator std::optional<T>() const;  // NOLINT(google-explicit-constructor)
};

/// The members of an aggregate without bases and arrays.
template <class Aggregate, class... Found>
consteval std::size_t members() {
  if constexpr (requires { Aggregate{Found()..., Anything()}; }) {
    return members<Aggregate, Found..., Anything>();
  } else if constexpr (requires { Aggregate{Found()..., AnythingOrNot()}; }) {
    return members<Aggregate, Found..., AnythingOrNot>();
  } else {
    return sizeof...(Found);
  }
}

}  // namespace test

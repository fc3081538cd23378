// A non-owning reference to something callable, for visitors: no allocation, one indirect call.
#pragma once

#include <type_traits>
#include <utility>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Signature>
class FunctionRef;

/// Use as a function parameter only: it does not keep a temporary callable alive.
template <class Result, class... Args>
class FunctionRef<Result(Args...)> {
 public:
  template <class Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, FunctionRef> &&
           std::is_invocable_r_v<Result, Callable&, Args...>)
      FunctionRef(
          Callable&& callable)  // NOLINT(google-explicit-constructor): stands in for the callable itself
      : object_(const_cast<void*>(static_cast<const void*>(&callable))),
        call_([](void* object, Args... args) {
          return static_cast<Result>(
              (*static_cast<std::remove_reference_t<Callable>*>(object))(std::forward<Args>(args)...));
        }) {}

  Result operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

 private:
  void* object_;
  Result (*call_)(void*, Args...);
};

}  // namespace SOAP_ABI
}  // namespace soap

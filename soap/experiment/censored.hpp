// Times until something happens, where some runs end before it does.
#pragma once

#include <optional>
#include <span>

#include "soap/base/scalar.hpp"

namespace soap::inline SOAP_ABI {

/// When it happened, or until when it had not. Infinity and not `happened`: it never would have.
struct CensoredTime {
  double time;
  bool happened;
};

/// The time by which it has happened to `share` of the runs, from the product-limit estimate (Kaplan and
/// Meier, 1958, "Nonparametric estimation from incomplete observations"): a run that ended before says
/// nothing about later times, rather than that it took that long. Where the estimate meets the share exactly,
/// the middle between that time and the next at which it happened. Nothing when so many runs ended early that
/// the estimate never gets there, or there is no such next time. With all runs of one length and a share of
/// 1/2 this is the middle run, or the mean of the middle two, those to which it never happened counted as
/// infinitely slow. Throws std::invalid_argument for a share outside of (0, 1) and for times that are NaN.
std::optional<double> censored_quantile(std::span<const CensoredTime> times, double share);

}  // namespace soap::inline SOAP_ABI

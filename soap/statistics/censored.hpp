// Times until something happens, where some runs end before it does.
#pragma once

#include <optional>
#include <span>

#include "soap/statistics/interval.hpp"

namespace soap {

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

/// An interval for the median time that assumes no distribution: between the times of two runs in their
/// order, so far from the middle that a binomial of 1/2 falls short of either with a chance of at most (1 -
/// level)/2 (Thompson, 1936, "On confidence ranges for the median"). A run that ended before counts from its
/// end on at the lower end, and as infinitely slow at the upper one, which may be infinity. Nothing for so
/// few runs that no two are far enough apart: 5 at 95 %. Throws std::invalid_argument for a level outside of
/// (0, 1) and for times that are NaN.
std::optional<Interval> censored_median_interval(std::span<const CensoredTime> times, double level = 0.95);

}  // namespace soap

"""How a place was used in any stretch of days: ranges people ask for, buckets of time, sums with what is known of them.

Pure: columns and a time in, points out. What nobody counted stays a gap; nothing here is fit for the public, which
reads `disclosure`. A new range or bucket has its name here and its words where it is shown.
"""

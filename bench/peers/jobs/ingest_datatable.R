# SPDX-License-Identifier: Apache-2.0
# data.table: transactions to one row for each customer, in memory. Arguments as in common.py.
#
# Settings: only the columns needed, types declared, and `by` with functions that data.table has
# optimised for groups (.N, sum, max, min). Date-times are said to be UTC, else they come as text.
suppressMessages(library(data.table))

arguments <- commandArgs(TRUE)
file <- arguments[1]
text_ids <- arguments[2] == "text"
datetimes <- arguments[3] == "datetime"
setDTthreads(as.integer(arguments[4]))

begun <- proc.time()[["elapsed"]]
types <- c(customer_id = if (text_ids) "character" else "integer",
           date = if (datetimes) "POSIXct" else "IDate", amount = "double")
rows <- fread(file, select = types, tz = "UTC", showProgress = FALSE)
table <- rows[, .(purchases = .N, money = sum(amount), last = max(date), first = min(date)),
              by = customer_id]
seconds <- proc.time()[["elapsed"]] - begun
status <- readLines("/proc/self/status")
peak_kib <- as.numeric(gsub("[^0-9]", "", grep("^VmHWM", status, value = TRUE)))

# Each of these sums is below 2^53, so doubles hold it exactly.
number <- if (text_ids) as.numeric(substring(table$customer_id, 3)) else table$customer_id
number <- number %% 1009
day <- function(time) if (datetimes) floor(as.numeric(time) / 86400) else as.numeric(time)
last <- day(table$last)
first <- day(table$first)
purchases <- as.numeric(table$purchases)
cents <- round(table$money * 100)
sums <- list(
  customers = nrow(table), purchases = sum(purchases), cents = sum(cents), last_days = sum(last),
  first_days = sum(first), purchases_squared = sum(purchases^2),
  purchases_last = sum(purchases * last), purchases_cents = sum(purchases * cents),
  ids_last = sum(number * last), ids_cents = sum(number * cents))
answer <- paste0('"', names(sums), '": ', sprintf("%.0f", unlist(sums)), collapse = ", ")
cat(sprintf('{"seconds": %.3f, "peak_kib": %.0f, "version": "%s", "answer": {%s}}\n', seconds,
            peak_kib, as.character(packageVersion("data.table")), answer))

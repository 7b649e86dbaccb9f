DROP FUNCTION public.cheques_between(integer, date);
DROP FUNCTION ledger.month_faults(integer, ledger.unit, date);
DROP FUNCTION ledger.month_journal(integer, ledger.unit, date, bigint, integer, boolean);

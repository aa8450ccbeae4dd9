-- Stands in for closures and notices until their branch is merged; removed then.
SELECT 1;

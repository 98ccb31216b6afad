"""Agreement with R, statsmodels and SciPy; golden/ keeps data, scripts and notices."""

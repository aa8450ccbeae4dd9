-- What years are compared by: the Land of a municipality, whose holidays count, and the weather of its days.

ALTER TABLE municipality
    ADD COLUMN land char(2) NOT NULL DEFAULT 'NW' CHECK (land IN ('BB', 'BE', 'BW', 'BY', 'HB', 'HE', 'HH', 'MV', 'NI',
        'NW', 'RP', 'SH', 'SL', 'SN', 'ST', 'TH'));

-- From a file of the Deutscher Wetterdienst. One station a municipality: series of two stations are not one series.
CREATE TABLE weather_day (
    municipality text NOT NULL REFERENCES municipality,
    day date NOT NULL,
    station integer NOT NULL CHECK (station > 0),
    temperature real CHECK (temperature BETWEEN -50 AND 50),
    rain real CHECK (rain BETWEEN 0 AND 500),
    sunshine real CHECK (sunshine BETWEEN 0 AND 24),
    source text NOT NULL CHECK (source IN ('dwd')),
    PRIMARY KEY (municipality, day)
);

COMMENT ON COLUMN municipality.land IS 'Its Land (ISO 3166-2:DE), whose public and school holidays hold there';
COMMENT ON TABLE weather_day IS 'The weather of a day at the climate station of a municipality, for comparing years';
COMMENT ON COLUMN weather_day.station IS 'Number of the climate station at the Deutscher Wetterdienst';
COMMENT ON COLUMN weather_day.temperature IS 'Mean of the day in °C; NULL: not measured, as with the others';
COMMENT ON COLUMN weather_day.rain IS 'In mm, from six o''clock in the morning to six';
COMMENT ON COLUMN weather_day.sunshine IS 'In hours';
COMMENT ON COLUMN weather_day.source IS 'Who published it: dwd';

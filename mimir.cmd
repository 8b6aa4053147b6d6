@echo off
rem SPDX-License-Identifier: Apache-2.0
rem Starts Mimir: finds a JDK, builds what is missing, hands its arguments to the shell bundle.
setlocal
if "%~1"=="exec" if "%~2"=="--to" (
    echo exec --to is there on Linux only: on Windows type the commands at the prompt of the Mimir that runs. 1>&2
    exit /b 2
)
set "ROOT=%~dp0"
set "RUN=%ROOT%run-configs\target\mimir"
set "JDK="
for %%J in ("%MIMIR_JAVA_HOME%" "%JAVA_HOME%") do if not defined JDK call :try "%%~J"
if not defined JDK for /d %%J in ("%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Zulu\*") do if not defined JDK call :try "%%~J"
if not defined JDK (
    echo Mimir needs a JDK 25 or newer and found none: install one, or point MIMIR_JAVA_HOME at it. 1>&2
    exit /b 1
)
set "GOAL=run-configs"
set "MARK=%RUN%\bundles"
if "%~1"=="soak" set "GOAL=itests/mimir.soak" & set "MARK=%RUN%\proof\mimir.soak.jar"
if "%~1"=="tck" set "GOAL=itests/mimir.tck.driver" & set "MARK=%RUN%\proof\mimir.tck.driver.jar"
if exist "%RUN%\lib\launcher.jar" if exist "%MARK%" goto start
where mvn >nul 2>&1 || (
    echo Mimir is not built yet and mvn is not on the PATH: install Maven and start again. 1>&2
    exit /b 1
)
echo building Mimir ^(first start, takes about a minute^)... 1>&2
if not exist "%ROOT%target" mkdir "%ROOT%target"
pushd "%ROOT%"
set "JAVA_HOME=%JDK%"
call mvn -B -q -DskipTests -pl %GOAL% -am package > "%ROOT%target\first-build.log" 2>&1 < nul
set "BUILT=%ERRORLEVEL%"
popd
if not "%BUILT%"=="0" (
    echo Building Mimir failed: %ROOT%target\first-build.log says why. 1>&2
    exit /b 1
)
:start
"%JDK%\bin\java" -XX:+UseZGC -Xms256m -Xmx256m -XX:+AlwaysPreTouch -XX:-ZUncommit -XX:-UsePerfData --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=deny -Djava.awt.headless=true "-Dmimir.run=%RUN%" %MIMIR_JAVA_OPTS% -cp "%RUN%\lib\launcher.jar;%RUN%\lib\framework.jar" mimir.launcher.Main %*
exit /b %ERRORLEVEL%

rem A JDK says its version in its release file: JAVA_VERSION="25.0.1"
:try
if "%~1"=="" exit /b
if not exist "%~1\release" exit /b
for /f "tokens=2 delims==." %%V in ('findstr /b JAVA_VERSION= "%~1\release"') do set "MAJOR=%%~V"
set "MAJOR=%MAJOR:"=%"
if %MAJOR% GEQ 25 set "JDK=%~1"
exit /b

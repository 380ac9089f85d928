FROM debian:bookworm-slim
WORKDIR /srv/landfall
COPY . .
RUN LANDFALL_HOME=/tmp/home script/setup && rm -rf /tmp/home node_modules /var/lib/apt/lists/* /root/.cache /root/.npm \
  && useradd --system landfall && install -d -o landfall /var/lib/landfall
USER landfall
ENV PATH=/srv/landfall/.venv/bin:$PATH PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production LANDFALL_HOME=/var/lib/landfall BIND=0.0.0.0:8000
VOLUME /var/lib/landfall
EXPOSE 8000
CMD ["gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
